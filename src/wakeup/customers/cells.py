"""What a cell means: times, money, numbers, yes and no, as SQL macros over trimmed texts that all readers use."""

from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import segments

_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"

# The form that most logs have: found by one short look, where the others take ten.
_COMMON = r"regexp_full_match(x, '\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2})?')"

_MACROS = (
    # 2011/3/7, 2011年3月7日, 2011.03.07, 20110307 and 20110307093000 -> 2011-3-7 …; the year always first:
    # 01/02/2011 is two different days, so it is read as none.
    r"""
    CREATE MACRO iso_text(x) AS regexp_replace(regexp_replace(regexp_replace(translate(x, '/年月日', '---'),
        '^(\d{4})\.(\d{1,2})\.(\d{1,2})', '\1-\2-\3'),
        '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3'),
        '^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$', '\1-\2-\3 \4:\5:\6')
    """,
    # Whole seconds since 1970 of a stamp between 1900 and 2200, else NULL.
    """
    CREATE MACRO whole_seconds(stamp) AS CASE
        WHEN date_part('year', stamp) BETWEEN 1900 AND 2199 THEN CAST(floor(epoch(stamp)) AS BIGINT) END
    """,
    f"""
    CREATE MACRO local_seconds(x) AS CASE
        WHEN {_COMMON} THEN whole_seconds(try_cast(x AS TIMESTAMP))
        WHEN regexp_full_match(iso_text(x), '{_DATE}([ T]+{_CLOCK})?')
        THEN whole_seconds(try_cast(iso_text(x) AS TIMESTAMP)) END
    """,
    rf"""
    CREATE MACRO zoned_seconds(x) AS CASE
        WHEN {_COMMON} THEN NULL
        WHEN regexp_full_match(iso_text(x), '{_DATE}[ T]+{_CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)')
        THEN whole_seconds(try_cast(regexp_replace(iso_text(x), ' ([Z+-])', '\1') AS TIMESTAMPTZ)) END
    """,
    # 1,234.50 and ¥80 and 80元; "12,50" is unreadable rather than 1250.
    r"""
    CREATE MACRO number_text(x) AS CASE
        WHEN regexp_full_match(x, '[¥￥$£€]? ?-?\d{1,3}(,\d{3})+(\.\d*)?元?')
        THEN regexp_replace(x, '[¥￥$£€ ,元]', '', 'g')
        ELSE regexp_replace(regexp_replace(x, '^[¥￥$£€] ?', ''), '元$', '') END
    """,
    # A trillion and more is nobody's order, and nine such numbers would be more than 64 bits hold.
    """
    CREATE MACRO minor_units(x, digits) AS
        CAST(round(coalesce(try_cast(x AS DECIMAL(21, 9)), try_cast(number_text(x) AS DECIMAL(21, 9)))
                   * CAST(power(10, digits) AS DECIMAL(9, 0))) AS BIGINT)
    """,
    """
    CREATE MACRO minor_units_of_number(x, digits) AS
        CAST(round(try_cast(x AS DECIMAL(21, 9)) * CAST(power(10, digits) AS DECIMAL(9, 0))) AS BIGINT)
    """,
    # ¥ and 元 are one sign, whichever of its forms a cell has.
    """
    CREATE MACRO currency_sign(x) AS CASE
        WHEN try_cast(x AS DOUBLE) IS NULL
        THEN nullif(translate(regexp_extract(x, '[¥￥$£€元]'), '￥元', '¥¥'), '') END
    """,
    r"""
    CREATE MACRO plain_number(x) AS CASE
        WHEN NOT regexp_matches(x, '^0\d') AND isfinite(try_cast(number_text(x) AS DOUBLE))
        THEN try_cast(number_text(x) AS DOUBLE) END
    """,
    # 2 yes, 1 no, NULL neither; see `population.YES` and `population.NO`.
    """
    CREATE MACRO yes_no(x) AS CASE
        WHEN lower(x) IN ('y', 'yes', 'true', 't', '1', 'on', 'granted', 'opt-in', 'opted_in', 'subscribed', '是',
                          '同意', '已同意', '有') THEN 2
        WHEN lower(x) IN ('n', 'no', 'false', 'f', '0', 'off', 'denied', 'opt-out', 'opted_out', 'unsubscribed', '否',
                          '不同意', '拒绝', '无') THEN 1 END
    """,
    # Adds `t`, seconds UTC, to a table with a text column `time`; NULL where nobody can read it.
    """
    CREATE MACRO with_instants(source) AS TABLE
        SELECT timed.* EXCLUDE (local),
               CASE WHEN local IS NULL THEN zoned_seconds(time) ELSE greatest(local - z.shift, z.earliest) END AS t
        FROM (SELECT *, local_seconds(time) AS local FROM query_table(source)) timed
        ASOF LEFT JOIN zone_segments z ON timed.local >= z.local_from
    """,
    # The same of a column of time stamps.
    """
    CREATE MACRO with_stamped_instants(source) AS TABLE
        SELECT timed.* EXCLUDE (local), greatest(local - z.shift, z.earliest) AS t
        FROM (SELECT *, whole_seconds(time) AS local FROM query_table(source)) timed
        ASOF LEFT JOIN zone_segments z ON timed.local >= z.local_from
    """,
)


def define_cells(work: Workspace, zone: str) -> None:
    """Define the macros in a workspace; times without a zone are in `zone`.

    Raises:
        WakeupError: WK6025, there is no such zone.
    """
    work.run(
        "CREATE TABLE zone_segments AS SELECT"
        " unnest(CAST(? AS BIGINT[])) AS local_from, unnest(CAST(? AS BIGINT[])) AS shift,"
        " unnest(CAST(? AS BIGINT[])) AS earliest",
        [list(column) for column in zip(*segments(zone), strict=True)],
    )
    for macro in _MACROS:
        work.run(macro)
