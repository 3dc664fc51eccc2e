"""A small campaign without warnings and a log of orders for it."""

CAMPAIGN = """wakeup 1
campaign spring "Spring" {
  currency: CNY
  timezone: "Asia/Shanghai"
  run: 2026-09-01 through 2026-10-31
  audience: days_since_order >= 180d
  holdout: 10%
  awake: order
  margin: 50%
}
channel sms { kind: sms, cost: 0.05 CNY per part, quiet: 22:00 to 08:00 otherwise delay, optout: required }
coupon off { discount: 30 CNY off 100 CNY, valid: 7d, limit: 1 per person }
message hello via sms { text: "Your {{ offer }} ends {{ offer_ends }}. Reply R to stop." }
journey wake {
  start: 500 per day from 2026-09-01 at 10:00
  send hello with off
  wait 7d for order
}
"""

LOG = "customer_id,date,amount\n" + "".join(
    f"c{i % 300},{2023 + i // 600}-{1 + i % 12:02d}-{1 + i % 28:02d},{50 + i % 90}\n" for i in range(1800)
)
