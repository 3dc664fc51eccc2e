"""Two small projects in one file each: every kind of name is declared and used, in English and in Chinese."""

LIBRARY = """wakeup 1
## Short and paid by the part.
channel sms "Text" { kind: sms, cost: 0.05 CNY per part, quiet: 22:00 to 08:00 otherwise delay, optout: required }
channel push { kind: push, cost: 0 CNY per message }
"""

ENGLISH = """wakeup 1

import "library.wake" as lib

## Six months asleep 😴.
campaign spring "Spring" {
  currency: CNY
  timezone: "Asia/Shanghai"
  run: 2026-09-01 through 2026-10-31
  audience: days_since_order >= 180d and not vip
  holdout: 10%
  awake: order
  margin: 50%
}
goal wake_rate >= 5%
tier value by average_order_value {
  high: 500 CNY and up
  low: below 500 CNY; allow WK3336 "the others get the catalogue"
}
budget 2_000 CNY { promotion: 2_000 CNY }
segment vip "VIPs" { where: tag(vip) and field(skin) == "dry" and last_category == "coats" }
customers {
  skin: dry 40%, oily 60%
  tags: vip 2%
  categories: coats 30%, "evening dresses" 10%
}
causes reason {
  bored: days_since_interaction >= 200d
  rich: total_spent >= 3_000 CNY
  other: otherwise
}
## For everybody, once.
coupon off "Thirty off" { discount: 30 CNY off 100 CNY, valid: 7d, limit: 1 per person, line: promotion }
coupon more by value { high: 90 CNY off 300 CNY, low: 20 CNY off 100 CNY, valid: 7d, line: promotion }
gift kit { cost: 3 CNY, valid: 7d, line: promotion }
bundle pack { items: kit, off }
message hello via lib.sms { text: "😴 {{ offer }} ends {{ offer_ends }}. Reply R to stop.", else: popup }
message popup via lib.push { text: "Your {{ offer }}, {{ field.skin | default: 'all' }}." }
cadence {
  at most 2 per 30d for value.high
  gap: 2d
}
journey wake for value.high {
  start: 500 per day from 2026-09-01 at 10:00
  send hello with off
  wait 5d for order
  if no order {
    split way measuring wake_rate {
      50% strong { send popup with more }
      50% weak { send popup with pack }
    }
    promote winner of way after 7d sure 90%
  }
}
scenario outage { down: lib.sms from 2026-09-03 at 09:00 for 6h }
"""

CHINESE = """wakeup 1

引用 "library.wake" 为 渠道

## 半年没来的老客😴。
活动 春季 "春季" {
  货币: CNY
  时区: "Asia/Shanghai"
  日期: 2026-09-01 至 2026-10-31
  人群: 距上次下单 >= 180天 且 非 贵宾
  对照组: 10%
  唤醒: 下单
  毛利率: 50%
}
目标 唤醒率 >= 5%
分层 价值 按 平均客单价 {
  高: 500元 以上
  低: 低于 500元
}
预算 2000元 { 促销: 2000元 }
人群包 贵宾 "贵宾" { 满足: 标签(贵宾) }
## 每人一次。
优惠券 立减 "减三十" { 优惠: 满100减30, 有效期: 7天, 限领: 每人 1次, 预算项: 促销 }
消息 问候 通过 渠道.sms { 文本: "😴{{ offer }}的券{{ offer_ends }}到期。拒收请回复R", 备选: 弹窗 }
消息 弹窗 通过 渠道.push { 文本: "您{{ offer }}的券{{ offer_ends }}到期。" }
节奏 {
  每30天最多 2次 适用于 价值.高
  间隔: 2天
}
旅程 唤回 适用于 价值.高 {
  开始: 每天 500人 自 2026-09-01 10:00
  发送 问候 附 立减
  等待 5天 直到 下单
  如果 未下单 { 发送 弹窗 附 立减 }
}
"""
