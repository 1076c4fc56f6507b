"""Good configuration files, as the contract shows them, for tests that read them or spoil them."""

FEEDS = """\
# yaml-language-server: $schema=./feeds.schema.json
version: 1
defaults: {every: 20m, lang: kk, scope: global, time_zone: Asia/Almaty}
feeds:
  - id: lada-kz                    # slug, unique, never reused
    title: Лада (Ақтау)
    url: https://www.lada.kz/rss.xml
    kind: rss
    lang: ru
    scope: local
    standing: state
    region: KZ-47
    every: {min: 5m, max: 1h30m}
    full_text: true
    aliases: [Lada.example]
    blocked_in: [KZ]
    proxy: tor
    enabled: false
  - id: qarmet-news
    url: https://example.org/news
    select: {item: "article.news", link: "a", title: "h3", date: "time"}
"""

KEYWORDS = """\
version: 1
defaults: {near: 9}
places:
  - {id: zhanaozen, region: KZ-47, en: [Zhanaozen], ru: [Жанаозен], kk: [Жаңаөзен]}
names:
  - {id: knprk, kind: union, any_lang: [KNPRK!], ru: ["Конфедерация независимых профсоюзов"]}
groups:
  workers: {en: [worker, "oil worker"], ru: [рабочий/n]}
elsewhere: {en: [Germany]}
demote: {en: ["years ago"], ru: [годовщина]}
topics:
  strike:
    title: {en: Strikes, ru: Забастовки}
    severity: urgent
    status: trial
    any:
      en:
        - strike/n
      ru:
        - забастовка
        - отказ ~3 выйти на работу
      kk:
        - {term: бас тарту, forms: [бастады], except: [бастау]}
      any_lang:
        - $workers ~8 walkout
    all:
      - {any_lang: [$places, $companies]}
      - {ru: [директор]}
    near: 5
    none: {en: [footballer]}
    except_in: {en: ["air strike"]}
    boost: {ru: [независимый ~2 профсоюз]}
    examples:
      match: ["Нефтяники Жанаозена объявили забастовку"]
      ignore: ["US air strikes hit targets near the border"]
  wages:
    title: {ru: Зарплата}
    severity: normal
    any: {ru: [зарплата], kk: []}
"""

DELIVERY = """\
version: 1
quiet: {from: "22:00", to: "06:30"}
budget: {normal: 5}
fallback_after: 30m
destinations:
  main: {channel: MONITOR_TELEGRAM_CHANNEL, languages: [kk, en], thread: 12}
  west: {channel: MONITOR_TELEGRAM_CHANNEL_WEST}
routes:
  - {to: west, topics: [strike], severity: [urgent], places: [zhanaozen], langs: [ru], standing: [independent, state]}
  - {to: main}
digests:
  - {name: almaty, to: MONITOR_DIGEST_TO, at: "08:15", zone: Europe/Brussels, languages: [en]}
  - {name: west, to: MONITOR_DIGEST_TO_WEST}
"""
