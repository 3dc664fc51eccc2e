"""The providers that speak HTTP, each with its server on this machine, for the tests that all of them must pass."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from attrs import frozen
from tests.channels.aliyun_sms import server as aliyun
from tests.channels.fcm import server as firebase
from tests.channels.providers import sealed
from tests.channels.providers.local import START, Local, opened, request
from tests.channels.tencent_sms import server as tencent
from tests.channels.twilio import server as twilio_server
from tests.channels.wechat_subscribe import server as subscribe
from tests.channels.wechat_template import server as template
from tests.channels.wecom_app import server as colleagues
from tests.channels.wecom_customer import server as wecom

from wakeup.channels import (
    aliyun_sms,
    fcm,
    tencent_sms,
    twilio,
    wechat_subscribe,
    wechat_template,
    wecom_app,
    wecom_customer,
)
from wakeup.channels.kit import Fault as KitFault
from wakeup.channels.protocol import Opener, Request, Secret, Verdict
from wakeup.channels.setting import Setting


@frozen
class Case:
    """A provider. settings: given the server's address. address: of the nth person. refusals: what codes mean.
    faults: the code for each refusal that the conformance kit plays. signed: what of a request is signed ("" where
    only a token or password stands in it)."""

    name: str
    server: Callable[[], Local]
    opener: Opener
    settings: Callable[[str], Mapping[str, Any]]
    address: Callable[[int], str]
    refusals: Mapping[str, Verdict]
    faults: Mapping[KitFault, str]
    declared: tuple[Setting, ...]
    message_settings: Mapping[str, Any] = {}
    fields: Mapping[str, str] = {}
    signed: Literal["body", "url", ""] = ""
    receipts_signed: Literal["body", "address"] = "body"
    taken: Verdict = Verdict.ACCEPTED
    secrets: Sequence[str] = ()

    def message(self, number: int) -> Request:
        """The nth message, to the nth person."""
        given = {"settings": self.message_settings, "fields": self.fields, "first_attempt": int(START)}
        return request(number, self.address(number), **given)

    def open_and_close(self, given: Mapping[str, Any]) -> None:
        """Open with these settings, and close."""
        with opened(self.opener, given, lambda: 0.0):
            pass


def phone(number: int) -> str:
    return f"+86139{number:08d}"


def openid(number: int) -> str:
    return f"oOpenid-of-somebody-{number:04d}"


WECHAT = {
    "app_id": template.APP,
    "app_secret": Secret(template.SECRET),
    "event_token": Secret(sealed.TOKEN),
    "event_aes_key": Secret(sealed.AES_KEY),
}
WECHAT_SECRETS = (template.SECRET, sealed.TOKEN, sealed.AES_KEY, "TOKEN-0")
WORD = Secret("word-in-the-address")

CASES = (
    Case(
        name="aliyun_sms",
        server=aliyun.AliyunServer,
        opener=aliyun_sms.open_aliyun_sms,
        settings=lambda base: {
            "access_key_id": aliyun.KEY_ID,
            "access_key_secret": Secret(aliyun.SECRET),
            "sign_name": "小店",
            "receipt_token": WORD,
            "endpoint": base,
        },
        address=phone,
        message_settings={"template": "SMS_100"},
        fields={"code": "好久不见"},
        refusals={
            "isv.MOBILE_NUMBER_ILLEGAL": Verdict.BAD_ADDRESS,
            "isv.PARAM_NOT_SUPPORT_URL": Verdict.BAD_CONTENT,
            "isv.AMOUNT_NOT_ENOUGH": Verdict.POLICY,
            "SignatureDoesNotMatch": Verdict.POLICY,
            "Throttling.User": Verdict.THROTTLED,
            "isp.SYSTEM_ERROR": Verdict.DOUBT,
            "isv.NEVER_HEARD_OF": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "isv.MOBILE_NUMBER_ILLEGAL",
            KitFault.BAD_CONTENT: "isv.BLACK_KEY_CONTROL_LIMIT",
            KitFault.POLICY: "isv.OUT_OF_SERVICE",
            KitFault.THROTTLE: "isv.BUSINESS_LIMIT_CONTROL",
        },
        declared=aliyun_sms.SETTINGS,
        signed="url",
        receipts_signed="address",
        secrets=(aliyun.SECRET, "word-in-the-address"),
    ),
    Case(
        name="wecom_customer",
        server=wecom.WecomServer,
        opener=wecom_customer.open_wecom_customer,
        settings=lambda base: {
            "corp_id": wecom.CORP,
            "secret": Secret(wecom.SECRET),
            "sender": "zhangsan",
            "poll_every": 0,
            "endpoint": base,
        },
        address=lambda number: f"wm-customer-{number:04d}",
        refusals={
            "84061": Verdict.BAD_ADDRESS,
            "40058": Verdict.BAD_CONTENT,
            "301002": Verdict.POLICY,
            "45033": Verdict.THROTTLED,
            "-1": Verdict.DOUBT,
            "99999": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_CONTENT: "44004",
            KitFault.POLICY: "48002",
            KitFault.THROTTLE: "45009",
        },
        declared=wecom_customer.SETTINGS,
        taken=Verdict.HANDED_OVER,
        secrets=(wecom.SECRET, "TOKEN-0"),
    ),
    Case(
        name="twilio",
        server=twilio_server.TwilioServer,
        opener=twilio.open_twilio,
        settings=lambda base: {
            "account_sid": twilio_server.SID,
            "auth_token": Secret(twilio_server.TOKEN),
            "from": "+14155550100",
            "callback": twilio_server.CALLBACK,
            "endpoint": base,
        },
        address=lambda number: f"+1415555{number:04d}",
        refusals={
            "21614": Verdict.BAD_ADDRESS,
            "21610": Verdict.OPTED_OUT,
            "21617": Verdict.BAD_CONTENT,
            "21999": Verdict.BAD_CONTENT,
            "20003": Verdict.POLICY,
            "20429": Verdict.THROTTLED,
            "20500": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "21211",
            KitFault.OPTED_OUT: "21610",
            KitFault.BAD_CONTENT: "21617",
            KitFault.POLICY: "20003",
            KitFault.THROTTLE: "20429",
        },
        declared=twilio.SETTINGS,
        secrets=(twilio_server.TOKEN,),
    ),
    Case(
        name="tencent_sms",
        server=tencent.TencentServer,
        opener=tencent_sms.open_tencent_sms,
        settings=lambda base: {
            "secret_id": Secret(tencent.ID),
            "secret_key": Secret(tencent.KEY),
            "sdk_app_id": tencent.APP,
            "sign_name": "小店",
            "receipt_token": WORD,
            "endpoint": base,
        },
        address=phone,
        message_settings={"template": "1110"},
        fields={"1": "好久不见"},
        refusals={
            "FailedOperation.PhoneNumberInBlacklist": Verdict.OPTED_OUT,
            "InvalidParameterValue.IncorrectPhoneNumber": Verdict.BAD_ADDRESS,
            "InvalidParameterValue.TemplateParameterLengthLimit": Verdict.BAD_CONTENT,
            "AuthFailure.SignatureFailure": Verdict.POLICY,
            "RequestLimitExceeded": Verdict.THROTTLED,
            "InternalError.Timeout": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "InvalidParameterValue.IncorrectPhoneNumber",
            KitFault.OPTED_OUT: "FailedOperation.PhoneNumberInBlacklist",
            KitFault.BAD_CONTENT: "FailedOperation.ContainSensitiveWord",
            KitFault.POLICY: "UnauthorizedOperation.ServiceSuspendDueToArrears",
            KitFault.THROTTLE: "LimitExceeded.PhoneNumberThirtySecondLimit",
        },
        declared=tencent_sms.SETTINGS,
        signed="body",
        receipts_signed="address",
        secrets=(tencent.KEY, tencent.ID, "word-in-the-address"),
    ),
    Case(
        name="wechat_template",
        server=template.TemplateServer,
        opener=wechat_template.open_wechat_template,
        settings=lambda base: {**WECHAT, "endpoint": base},
        address=openid,
        message_settings={"template": template.TEMPLATE},
        fields={"keyword1": "好久不见"},
        refusals={
            "40003": Verdict.BAD_ADDRESS,
            "43004": Verdict.OPTED_OUT,
            "43019": Verdict.OPTED_OUT,
            "47003": Verdict.BAD_CONTENT,
            "48001": Verdict.POLICY,
            "45011": Verdict.THROTTLED,
            "-1": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "40003",
            KitFault.OPTED_OUT: "43004",
            KitFault.BAD_CONTENT: "40037",
            KitFault.POLICY: "48004",
            KitFault.THROTTLE: "45009",
        },
        declared=wechat_template.SETTINGS,
        secrets=WECHAT_SECRETS,
    ),
    Case(
        name="wechat_subscribe",
        server=subscribe.SubscribeServer,
        opener=wechat_subscribe.open_wechat_subscribe,
        settings=lambda base: {**WECHAT, "templates": [subscribe.TEMPLATE], "endpoint": base},
        address=openid,
        message_settings={"template": subscribe.TEMPLATE},
        fields={"thing1": "好久不见"},
        refusals={
            "40003": Verdict.BAD_ADDRESS,
            "43101": Verdict.NO_GRANT,
            "47003": Verdict.BAD_CONTENT,
            "48001": Verdict.POLICY,
            "45009": Verdict.THROTTLED,
            "-1": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "40003",
            KitFault.NO_GRANT: "43101",
            KitFault.BAD_CONTENT: "41030",
            KitFault.POLICY: "48001",
            KitFault.THROTTLE: "45009",
        },
        declared=wechat_subscribe.SETTINGS,
        secrets=WECHAT_SECRETS,
    ),
    Case(
        name="wecom_app",
        server=colleagues.AppServer,
        opener=wecom_app.open_wecom_app,
        settings=lambda base: {
            "corp_id": colleagues.CORP,
            "secret": Secret(colleagues.SECRET),
            "agent_id": str(colleagues.AGENT),
            "endpoint": base,
        },
        address=lambda number: f"colleague-{number:04d}",
        refusals={
            "81013": Verdict.BAD_ADDRESS,
            "44004": Verdict.BAD_CONTENT,
            "301002": Verdict.POLICY,
            "45009": Verdict.THROTTLED,
            "-1": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "81013",
            KitFault.BAD_CONTENT: "44004",
            KitFault.POLICY: "60020",
            KitFault.THROTTLE: "45009",
        },
        declared=wecom_app.SETTINGS,
        secrets=(colleagues.SECRET, "TOKEN-0"),
    ),
    Case(
        name="fcm",
        server=firebase.FcmServer,
        opener=fcm.open_fcm,
        settings=lambda base: {
            "service_account": Secret(firebase.service_account()),
            "endpoint": base,
            "token_endpoint": base,
        },
        address=lambda number: f"app-token-of-somebody-{number:04d}",
        refusals={
            "UNREGISTERED": Verdict.BAD_ADDRESS,
            "SENDER_ID_MISMATCH": Verdict.BAD_ADDRESS,
            "INVALID_ARGUMENT": Verdict.BAD_CONTENT,
            "THIRD_PARTY_AUTH_ERROR": Verdict.POLICY,
            "QUOTA_EXCEEDED": Verdict.THROTTLED,
            "UNAVAILABLE": Verdict.DOUBT,
        },
        faults={
            KitFault.BAD_ADDRESS: "UNREGISTERED",
            KitFault.BAD_CONTENT: "INVALID_ARGUMENT",
            KitFault.POLICY: "PERMISSION_DENIED",
            KitFault.THROTTLE: "QUOTA_EXCEEDED",
        },
        declared=fcm.SETTINGS,
        secrets=("PRIVATE KEY", "ya29.TOKEN"),
    ),
)
