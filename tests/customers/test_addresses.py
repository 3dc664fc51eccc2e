"""Addresses: by sort, by name, by a column that was asked for; blanks are missing."""

from wakeup.customers.addresses import read_addresses


def test_addresses_are_read_by_sort_and_what_else_is_asked_for_by_its_name(tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(
        "customer_id,手机号,email,first_name,vip_card,last_order,orders\n"
        "a1,13800000001,a@shop.example,Ann,V1,2026-01-01,2\n"
        "a2,,b@shop.example,,V2,2026-01-01,1\n"
        ",13800000003,,,V3,2026-01-01,1\n",
        encoding="utf-8",
    )
    assert dict(read_addresses(file, ["vip_card", "not_there"])) == {
        "a1": {"phone": "13800000001", "email": "a@shop.example", "first_name": "Ann", "vip_card": "V1"},
        "a2": {"email": "b@shop.example", "vip_card": "V2"},
    }
