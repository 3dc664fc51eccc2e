"""WeCom 企业群发 on this machine: as documented at developer.work.weixin.qq.com/document/path/92135 (tasks) and 93338
(results), and as WxJava 4.7 calls it."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tests.channels.providers.errcodes import TokenServer, body_of, said
from tests.channels.providers.local import Call, Delivery, Reaction, RefusedCallError

CORP, SECRET = "ww0123456789abcdef", "wecom-secret-of-nobody"
BASE = "/cgi-bin/externalcontact/"


class WecomServer(TokenServer):
    """Makes tasks; a test confirms them. Customers belong to `owner`; strangers have another kind of id."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, dict[str, Any]] = {}
        self.page = 100
        self.monthly = 4  # messages that a customer takes in a month
        self.months: Counter[tuple[str, str]] = Counter()
        self.listed_after = 0.0

    def sends(self, call: Call) -> bool:
        return call.path == f"{BASE}add_msg_template"

    def handle(self, call: Call) -> Reaction:
        if call.path == "/cgi-bin/gettoken":
            if call.query != {"corpid": CORP, "corpsecret": SECRET}:
                return said(40001, "invalid credential")
            return self.token()
        self.check_token(call)
        body = body_of(call)
        if call.method != "POST":
            return said(43002, "require POST")
        handlers = {
            f"{BASE}add_msg_template": self._create,
            f"{BASE}get_groupmsg_list_v2": self._list,
            f"{BASE}get_groupmsg_task": self._employees,
            f"{BASE}get_groupmsg_send_result": self._results,
        }
        return handlers[call.path](body)

    def _create(self, body: dict[str, Any]) -> Reaction:
        people, content = body["external_userid"], body["text"]["content"]
        if body.get("chat_type") != "single" or not people or len(people) > 10_000:
            return said(40058, "invalid Request Parameter")
        if len(content.encode()) > 4000:
            return said(45002, "content too long")
        strangers = [each for each in people if not each.startswith("wm-customer-")]
        if len(strangers) == len(people):
            return said(41048, "no customer to send", fail_list=strangers)
        message_id = f"msgGCAAAXtWyujaWJHDDGi0m{len(self.tasks):04d}"
        customers = {each: {"status": 0, "send_time": 0} for each in people if each not in strangers}
        self.tasks[message_id] = {
            "at": self.clock.at,
            "text": content,
            "owner": body.get("sender", "owner"),
            "customers": customers,
        }
        self.truth.extend(Delivery(self.known.get(each, each), each, content) for each in customers)
        return said(0, fail_list=strangers, msgid=message_id)

    def confirm(self, message_id: str, **other: int) -> None:
        """The employee taps. other: customers with another status than sent; above the limit it is 3."""
        month = datetime.fromtimestamp(self.clock.at, UTC).strftime("%Y-%m")
        for customer, result in self.tasks[message_id]["customers"].items():
            status = other.get(customer, 3 if self.months[customer, month] >= self.monthly else 1)
            self.months[customer, month] += status == 1
            result.update(status=status, send_time=int(self.clock.at))

    def _list(self, body: dict[str, Any]) -> Reaction:
        if body["end_time"] - body["start_time"] > 31 * 86_400:
            return said(40058, "time range too long")
        rows = [
            {"msgid": message_id, "create_time": int(task["at"]), "create_type": 0, "text": {"content": task["text"]}}
            for message_id, task in self.tasks.items()
            if body["start_time"] <= task["at"] <= body["end_time"] and self.clock.at - task["at"] >= self.listed_after
        ]
        return self._paged(rows, body, "group_msg_list")

    def _employees(self, body: dict[str, Any]) -> Reaction:
        task = self._task(body)
        done = any(result["status"] for result in task["customers"].values())
        return self._paged([{"userid": task["owner"], "status": 2 if done else 0}], body, "task_list")

    def _results(self, body: dict[str, Any]) -> Reaction:
        task = self._task(body)
        if body["userid"] != task["owner"]:
            return said(60111, "userid not found")
        rows = [
            {"external_userid": customer, "userid": task["owner"], **result}
            for customer, result in task["customers"].items()
        ]
        return self._paged(rows, body, "send_list")

    def _task(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["msgid"] not in self.tasks:
            raise RefusedCallError(said(41049, "invalid msgid"))
        return self.tasks[body["msgid"]]

    def _paged(self, rows: list[dict[str, Any]], body: dict[str, Any], key: str) -> Reaction:
        start = int(body.get("cursor") or 0)
        end = start + min(self.page, body["limit"])
        return said(0, **{key: rows[start:end]}, next_cursor=str(end) if end < len(rows) else "")
