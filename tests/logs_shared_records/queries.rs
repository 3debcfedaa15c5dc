//! The queries, and for each what plain code says that it shows.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use super::records::{
    Record, Row, compare_values, counted, counted_by, distinct, group, newest_first, printed,
    printed_fraction, printed_time, row,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As expected, row by row.
    Exact,
    /// Any.
    Free,
    /// By these columns, descending with a `-`; any between equals.
    By(&'static [&'static str]),
}

pub(crate) struct Query {
    pub(crate) text: &'static str,
    pub(crate) order: Order,
    pub(crate) expected: fn(&[Record]) -> Vec<Row>,
}

use Order::{By, Exact, Free};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

pub(crate) const QUERIES: &[Query] = &[
    // The queries of spec/logs-insights.md 7.2, with values that the records have.
    Query {
        text: "stats count(*) by eventSource, eventName, awsRegion",
        order: Free,
        expected: |records| counted_by(records, ["eventSource", "eventName", "awsRegion"], "count(*)"),
    },
    Query {
        text: r#"filter (eventName="StartInstances" or eventName="DescribeInstances") and awsRegion="us-east-1""#,
        order: Exact,
        expected: |records| {
            raw(records.iter().filter(|r| {
                (r.is("eventName", "StartInstances") || r.is("eventName", "DescribeInstances"))
                    && r.is("awsRegion", "us-east-1")
            }))
        },
    },
    Query {
        text: r#"filter eventName="CreateUser" | fields awsRegion, requestParameters.userName, responseElements.user.arn"#,
        order: Exact,
        expected: |records| {
            let created = records.iter().filter(|r| r.is("eventName", "CreateUser"));
            columns(created, ["awsRegion", "requestParameters.userName", "responseElements.user.arn"])
        },
    },
    Query {
        text: r#"filter tlsDetails.tlsVersion in [ "TLSv1.1", "TLSv1.2" ] | stats count(*) as numOutdatedTlsCalls by userIdentity.accountId, recipientAccountId, eventSource, eventName, awsRegion, tlsDetails.tlsVersion, tlsDetails.cipherSuite, userAgent | sort eventSource, eventName, awsRegion, tlsDetails.tlsVersion"#,
        order: By(&["eventSource", "eventName", "awsRegion", "tlsDetails.tlsVersion"]),
        expected: |records| {
            let names = [
                "userIdentity.accountId",
                "recipientAccountId",
                "eventSource",
                "eventName",
                "awsRegion",
                "tlsDetails.tlsVersion",
                "tlsDetails.cipherSuite",
                "userAgent",
            ];
            counted_by(records.iter().filter(is_outdated_tls), names, "numOutdatedTlsCalls")
        },
    },
    Query {
        text: r#"filter tlsDetails.tlsVersion in [ "TLSv1.1", "TLSv1.2" ] | stats count(*) as numOutdatedTlsCalls by eventSource | sort numOutdatedTlsCalls desc"#,
        order: By(&["-numOutdatedTlsCalls"]),
        expected: |records| {
            counted_by(records.iter().filter(is_outdated_tls), ["eventSource"], "numOutdatedTlsCalls")
        },
    },
    Query {
        text: r#"fields @timestamp, @message | filter requestParameters.instancesSet.items.0.instanceId like "i-" | sort @timestamp desc"#,
        order: Exact,
        expected: |records| {
            let id = "requestParameters.instancesSet.items.0.instanceId";
            raw(records.iter().filter(|r| r.get(id).is_some_and(|id| id.contains("i-"))))
        },
    },
    Query {
        text: r#"filter awsRegion="us-east-1" | limit 7"#,
        order: Exact,
        expected: |records| first(7, raw(records.iter().filter(|r| r.is("awsRegion", "us-east-1")))),
    },
    Query {
        text: r#"filterIndex eventName = "CreateUser""#,
        order: Exact,
        expected: |records| raw(records.iter().filter(|r| r.is("eventName", "CreateUser"))),
    },
    Query {
        text: r#"filter userIdentity.type = "Root" | sort @timestamp desc | limit 50"#,
        order: Exact,
        expected: |records| first(50, raw(records.iter().filter(|r| r.is("userIdentity.type", "Root")))),
    },
    Query {
        text: r#"filter eventName = "ConsoleLogin" and responseElements.ConsoleLogin = "Success" and additionalEventData.MFAUsed = "No" | fields userIdentity.type, sourceIPAddress"#,
        order: Exact,
        expected: |records| {
            let logins = records.iter().filter(|r| {
                r.is("eventName", "ConsoleLogin")
                    && r.is("responseElements.ConsoleLogin", "Success")
                    && r.is("additionalEventData.MFAUsed", "No")
            });
            columns(logins, ["userIdentity.type", "sourceIPAddress"])
        },
    },
    Query {
        text: "filter errorCode like /AccessDenied|Unauthorized/ | fields eventName, errorCode",
        order: Exact,
        expected: |records| {
            let refused = records.iter().filter(|r| {
                r.get("errorCode").is_some_and(|c| c.contains("AccessDenied") || c.contains("Unauthorized"))
            });
            columns(refused, ["eventName", "errorCode"])
        },
    },
    Query {
        text: "filter ispresent(errorCode) | stats count(*) as n by errorCode",
        order: Free,
        expected: |records| counted_by(records.iter().filter(|r| r.has("errorCode")), ["errorCode"], "n"),
    },
    Query {
        text: r#"filter eventName in ["StopLogging","DeleteTrail","UpdateTrail","PutEventSelectors"] | fields userIdentity.arn, eventName"#,
        order: Exact,
        expected: |records| {
            let names = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"];
            let stopped = records.iter().filter(|r| names.iter().any(|name| r.is("eventName", name)));
            columns(stopped, ["userIdentity.arn", "eventName"])
        },
    },
    Query {
        text: "filter readOnly = 0 | stats count(*) as writes by userIdentity.type | sort writes desc",
        order: By(&["-writes"]),
        expected: |records| {
            let writes = records.iter().filter(|r| r.json["readOnly"] == false);
            counted_by(writes, ["userIdentity.type"], "writes")
        },
    },
    Query {
        text: "filter readOnly = 1 | fields eventName",
        order: Exact,
        expected: |records| columns(records.iter().filter(|r| r.json["readOnly"] == true), ["eventName"]),
    },
    Query {
        text: "stats sum(ispresent(errorCode))/count(*)*100 as pctFailed",
        order: Exact,
        expected: |records| {
            let failed = records.iter().filter(|r| r.has("errorCode")).count();
            vec![row([("pctFailed", Some(printed_fraction(100 * failed as i128, records.len() as i128)))])]
        },
    },
    Query {
        text: "stats count(*) by bin(1h)",
        order: Exact,
        expected: |records| counted(records, ["bin(1h)"], "count(*)", |r| [r.floor(HOUR)]),
    },
    Query {
        text: "stats count(*) as n by bin(5m) as t | sort t",
        order: Exact,
        expected: |records| counted(records, ["t"], "n", |r| [r.floor(HOUR / 12)]),
    },
    Query {
        text: "stats countDistinct(sourceIPAddress) as ips, count_distinct(userIdentity.userName) as users",
        order: Exact,
        expected: |records| {
            let count = |name| Some(distinct(records.iter().map(|r| r.text(name))).to_string());
            vec![row([("ips", count("sourceIPAddress")), ("users", count("userIdentity.userName"))])]
        },
    },
    Query {
        text: "stats count(*) as c by sourceIPAddress | sort c desc, sourceIPAddress | limit 1",
        order: Exact,
        expected: |records| {
            let mut rows = counted_by(records, ["sourceIPAddress"], "c");
            rows.sort_by(|a, b| {
                number(b, "c").cmp(&number(a, "c")).then_with(|| by_value(a, b, "sourceIPAddress"))
            });
            first(1, rows)
        },
    },
    Query {
        text: "stats count(*) as c by sourceIPAddress, bin(1h) as t | stats max(c) as peak, avg(c) as mean by t",
        order: Free,
        expected: |records| {
            let hours = group(records, |r| [r.floor(HOUR)]).into_iter().map(|([hour], records)| {
                let addresses = group(records.iter().copied(), |r| [r.text("sourceIPAddress")]);
                let peak = addresses.values().map(Vec::len).max().unwrap();
                let mean = printed_fraction(records.len() as i128, addresses.len() as i128);
                row([("t", hour), ("peak", Some(peak.to_string())), ("mean", Some(mean))])
            });
            hours.collect()
        },
    },
    Query {
        text: "fields eventName | sort @timestamp asc | dedup userIdentity.userName",
        order: Exact,
        expected: |records| {
            let mut oldest: Vec<&Record> = records.iter().collect();
            oldest.sort_by_key(|r| r.time);
            let mut seen = BTreeSet::new();
            oldest.retain(|r| r.get("userIdentity.userName").is_none_or(|name| seen.insert(name.to_owned())));
            oldest.into_iter().map(|r| row([("eventName", r.text("eventName"))])).collect()
        },
    },
    Query {
        text: r#"filter isIpv4InSubnet(sourceIPAddress, "203.0.113.0/24") | fields eventName, sourceIPAddress"#,
        order: Exact,
        expected: |records| {
            let inside = records.iter().filter(
                |r| matches!(address(r), Some(IpAddr::V4(address)) if address.octets()[..3] == [203, 0, 113]),
            );
            columns(inside, ["eventName", "sourceIPAddress"])
        },
    },
    Query {
        text: "filter isPrivateIP(sourceIPAddress) | fields eventName",
        order: Exact,
        expected: |records| {
            let private = records
                .iter()
                .filter(|r| matches!(address(r), Some(IpAddr::V4(address)) if address.is_private()));
            columns(private, ["eventName"])
        },
    },
    Query {
        text: r"parse userIdentity.arn /:(?<p_user>user\/.+)$/ | filter ispresent(p_user) | stats count(*) as n by p_user | sort n desc",
        order: By(&["-n"]),
        expected: |records| {
            let user = |r: &Record| {
                let arn = r.get("userIdentity.arn")?;
                let at = arn.find(":user/")? + 1;
                (arn.len() > at + "user/".len()).then(|| arn[at..].to_owned())
            };
            counted(records.iter().filter(|r| user(r).is_some()), ["p_user"], "n", |r| [user(r)])
        },
    },
    Query {
        text: "stats earliest(eventName) as a, latest(eventName) as b",
        order: Exact,
        expected: |records| {
            let timed: Vec<&Record> = records.iter().filter(|r| r.time.is_some()).collect();
            let at = |time: Option<Option<i64>>| {
                timed.iter().find(|r| Some(r.time) == time).and_then(|r| r.text("eventName"))
            };
            let (low, high) = (timed.iter().map(|r| r.time).min(), timed.iter().map(|r| r.time).max());
            vec![row([("a", at(low)), ("b", at(high))])]
        },
    },
    Query {
        text: "stats sortsFirst(eventName) as a, sortsLast(eventName) as b",
        order: Exact,
        expected: |records| {
            let mut names: Vec<&str> = records.iter().filter_map(|r| r.get("eventName")).collect();
            names.sort_by(|a, b| compare_values(Some(a), Some(b)));
            let text = |name: Option<&&str>| name.map(|name| (*name).to_owned());
            vec![row([("a", text(names.first())), ("b", text(names.last()))])]
        },
    },
    Query {
        text: r#"fields if(ispresent(errorCode), "FAIL", "OK") as outcome | stats count(*) as n by outcome | sort outcome"#,
        order: Exact,
        expected: |records| {
            let outcome = |r: &Record| Some(if r.has("errorCode") { "FAIL" } else { "OK" }.to_owned());
            counted(records, ["outcome"], "n", |r| [outcome(r)])
        },
    },
    Query {
        text: "fields coalesce(userIdentity.userName, userIdentity.type) as who | stats count(*) as n by who | sort who",
        order: By(&["who"]),
        expected: |records| {
            counted(records, ["who"], "n", |r| {
                [r.text("userIdentity.userName").or_else(|| r.text("userIdentity.type"))]
            })
        },
    },
    Query {
        text: "stats values(eventSource) as s by awsRegion | sort awsRegion",
        order: By(&["awsRegion"]),
        expected: |records| {
            let regions = group(records, |r| [r.text("awsRegion")]).into_iter().map(|([region], records)| {
                row([("awsRegion", region), ("s", Some(set(records.iter().map(|r| r.text("eventSource")))))])
            });
            regions.collect()
        },
    },
    Query {
        text: "countFrequent eventSource",
        order: By(&["-_approxcount"]),
        expected: |records| counted_by(records, ["eventSource"], "_approxcount"),
    },
    Query {
        text: "fields jsonParse(@message) as j | fields j.requestParameters.instancesSet.items[0].instanceId as id | filter ispresent(id) | display id",
        order: Exact,
        expected: |records| {
            let id =
                |r: &Record| printed(&r.json["requestParameters"]["instancesSet"]["items"][0]["instanceId"]);
            let with = newest_first(records.iter().filter(|r| id(r).is_some()));
            with.into_iter().map(|r| row([("id", id(r))])).collect()
        },
    },
    Query {
        text: r#"fields requestParameters | filter eventName="CreateUser""#,
        order: Exact,
        expected: |records| {
            let created = records.iter().filter(|r| r.is("eventName", "CreateUser"));
            created.map(|r| row([("requestParameters", printed(&r.json["requestParameters"]))])).collect()
        },
    },
    Query {
        text: "stats count(*) as n by userIdentity.userName | filter n > 1",
        order: Free,
        expected: |records| {
            let mut rows = counted_by(records, ["userIdentity.userName"], "n");
            rows.retain(|row| number(row, "n") > 1);
            rows
        },
    },
    Query {
        text: "filter userIdentity.invokedBy not like /amazonaws.com$/ | stats count(*) as n",
        order: Exact,
        expected: |records| {
            let by_people = records.iter().filter(|r| {
                r.get("userIdentity.invokedBy").is_none_or(|service| !service.ends_with("amazonaws.com"))
            });
            vec![row([("n", Some(by_people.count().to_string()))])]
        },
    },
    Query {
        text: r#"filter eventName like "Instances" | fields eventName"#,
        order: Exact,
        expected: |records| {
            let found = records.iter().filter(|r| r.get("eventName").unwrap().contains("Instances"));
            columns(found, ["eventName"])
        },
    },
    Query {
        text: "filter eventName =~ /(?i)^create/ | fields eventName",
        order: Exact,
        expected: |records| {
            let created =
                records.iter().filter(|r| r.get("eventName").unwrap().to_lowercase().starts_with("create"));
            columns(created, ["eventName"])
        },
    },
    Query {
        text: r#"stats count(errorCode) as eventCount by eventSource, errorCode | filter errorCode = "AccessDenied" | sort eventCount desc"#,
        order: By(&["-eventCount"]),
        expected: |records| {
            let denied = records.iter().filter(|r| r.is("errorCode", "AccessDenied"));
            counted_by(denied, ["eventSource", "errorCode"], "eventCount")
        },
    },
    Query {
        text: r#"filter eventName = "GetObject" | stats count_distinct(requestParameters.bucketName) as buckets by userIdentity.arn, bin(10m)"#,
        order: Free,
        expected: |records| {
            let downloads = records.iter().filter(|r| r.is("eventName", "GetObject"));
            let groups = group(downloads, |r| [r.text("userIdentity.arn"), r.floor(HOUR / 6)]);
            let rows = groups.into_iter().map(|([arn, bin], records)| {
                let buckets = distinct(records.iter().map(|r| r.text("requestParameters.bucketName")));
                row([("userIdentity.arn", arn), ("bin(10m)", bin), ("buckets", Some(buckets.to_string()))])
            });
            rows.collect()
        },
    },
    // Raw rows, newest first.
    Query {
        text: "fields @timestamp, eventName, errorCode | limit 25",
        order: Exact,
        expected: |records| {
            let rows = newest_first(records).into_iter().map(|r| {
                row([
                    ("@timestamp", r.time.map(printed_time)),
                    ("eventName", r.text("eventName")),
                    ("errorCode", r.text("errorCode")),
                ])
            });
            first(25, rows.collect())
        },
    },
    Query {
        text: "fields eventID, strlen(@message) as size | sort size desc, eventID | limit 10",
        order: Exact,
        expected: |records| {
            let size = |r: &Record| r.text.chars().count();
            let mut sorted: Vec<&Record> = records.iter().collect();
            sorted.sort_by(|a, b| {
                let ids = || compare_values(a.get("eventID"), b.get("eventID"));
                size(b).cmp(&size(a)).then_with(ids)
            });
            let rows = sorted
                .into_iter()
                .map(|r| row([("eventID", r.text("eventID")), ("size", Some(size(r).to_string()))]));
            first(10, rows.collect())
        },
    },
    Query {
        text: "fields eventName, awsRegion | dedup eventName, awsRegion | limit 12",
        order: Exact,
        expected: |records| {
            let mut seen = BTreeSet::new();
            let mut newest = newest_first(records);
            newest.retain(|r| seen.insert((r.text("eventName"), r.text("awsRegion"))));
            let rows = newest
                .into_iter()
                .map(|r| row([("eventName", r.text("eventName")), ("awsRegion", r.text("awsRegion"))]));
            first(12, rows.collect())
        },
    },
    Query {
        text: r#"fields eventName, userIdentity.type = "Root" as isRoot, readOnly | filter not (isRoot or readOnly) | sort eventName, @timestamp desc"#,
        order: By(&["eventName"]),
        expected: |records| {
            let writes = records.iter().filter(|r| {
                !r.is("userIdentity.type", "Root")
                    && !["1", "true"].contains(&r.get("readOnly").unwrap_or(""))
            });
            let row_of = |r: &Record| {
                row([
                    ("eventName", r.text("eventName")),
                    ("isRoot", Some("0".to_owned())),
                    ("readOnly", r.text("readOnly")),
                ])
            };
            writes.map(row_of).collect()
        },
    },
    // Numbers.
    Query {
        text: "stats sum(additionalEventData.bytesTransferredOut) as bytes, avg(additionalEventData.bytesTransferredOut) as mean, count(additionalEventData.bytesTransferredOut) as n by eventName",
        order: Free,
        expected: |records| {
            let names = group(records, |r| [r.text("eventName")]).into_iter().map(|([name], records)| {
                let bytes = bytes_out(&records);
                let sum: i128 = bytes.iter().sum();
                let mean = (!bytes.is_empty()).then(|| printed_fraction(sum, bytes.len() as i128));
                row([
                    ("eventName", name),
                    ("bytes", (!bytes.is_empty()).then(|| sum.to_string())),
                    ("mean", mean),
                    ("n", Some(bytes.len().to_string())),
                ])
            });
            names.collect()
        },
    },
    Query {
        text: "filter ispresent(additionalEventData.bytesTransferredOut) | fields toLong(additionalEventData.bytesTransferredOut) as out | stats min(out) as low, pct(out, 50) as middle, pct(out, 95) as high, max(out) as top by awsRegion",
        order: Free,
        expected: |records| {
            let with = records.iter().filter(|r| r.has("additionalEventData.bytesTransferredOut"));
            let regions = group(with, |r| [r.text("awsRegion")]).into_iter().map(|([region], records)| {
                let mut bytes = bytes_out(&records);
                bytes.sort_unstable();
                // The smallest value with so many percent of all at or below it.
                let rank = |percent: usize| bytes[(percent * bytes.len()).div_ceil(100).max(1) - 1];
                row([
                    ("awsRegion", region),
                    ("low", Some(bytes[0].to_string())),
                    ("middle", Some(rank(50).to_string())),
                    ("high", Some(rank(95).to_string())),
                    ("top", Some(bytes[bytes.len() - 1].to_string())),
                ])
            });
            regions.collect()
        },
    },
    Query {
        text: "filter additionalEventData.bytesTransferredOut >= 100000 and additionalEventData.bytesTransferredOut < 250000 | stats count(*) as n by userIdentity.accountId",
        order: Free,
        expected: |records| {
            let middling = records.iter().filter(|r| {
                let bytes = r.number("additionalEventData.bytesTransferredOut");
                bytes.is_some_and(|bytes| (100_000..250_000).contains(&bytes))
            });
            counted_by(middling, ["userIdentity.accountId"], "n")
        },
    },
    Query {
        text: "stats count(*) as events, countDistinct(eventName) as names, max(@timestamp) as last by userIdentity.arn | sort events desc, userIdentity.arn | limit 10",
        order: Exact,
        expected: |records| {
            let groups = group(records, |r| [r.text("userIdentity.arn")]);
            let mut rows: Vec<Row> = groups
                .into_iter()
                .map(|([arn], records)| {
                    let last = records.iter().filter_map(|r| r.time).max();
                    row([
                        ("userIdentity.arn", arn),
                        ("events", Some(records.len().to_string())),
                        ("names", Some(distinct(records.iter().map(|r| r.text("eventName"))).to_string())),
                        ("last", last.map(|millis| millis.to_string())),
                    ])
                })
                .collect();
            rows.sort_by(|a, b| {
                number(b, "events").cmp(&number(a, "events")).then_with(|| by_value(a, b, "userIdentity.arn"))
            });
            first(10, rows)
        },
    },
    // Times.
    Query {
        text: "fields datefloor(@timestamp, 1d) as day | stats count(*) as n by day | sort day",
        order: Exact,
        expected: |records| counted(records, ["day"], "n", |r| [r.floor(DAY)]),
    },
    Query {
        text: "stats count(*) as n by bin(1w) as week, bin(1mo) as month",
        order: Free,
        expected: |records| {
            let date = |r: &Record| {
                let instant = jiff::Timestamp::from_millisecond(r.time?).unwrap();
                Some(instant.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
            };
            let midnight = |date: jiff::civil::Date| format!("{date} 00:00:00.000");
            counted(records, ["week", "month"], "n", |r| {
                let monday = date(r).map(|date| {
                    let since = i64::from(date.weekday().to_monday_zero_offset());
                    midnight(date.checked_sub(jiff::Span::new().days(since)).unwrap())
                });
                [monday, date(r).map(|date| midnight(date.first_of_month()))]
            })
        },
    },
    Query {
        text: "fields floor((toMillis(@timestamp) % 86400000) / 3600000) as hour | stats count(*) as n by hour | sort hour",
        order: By(&["hour"]),
        expected: |records| {
            let hour = |r: &Record| {
                let instant = jiff::Timestamp::from_millisecond(r.time?).unwrap();
                Some(instant.to_zoned_datetime(jiff::tz::TimeZone::UTC).hour().to_string())
            };
            counted(records, ["hour"], "n", |r| [hour(r)])
        },
    },
    Query {
        text: r#"fields formatDate(@timestamp, "%Y-%m-%d", "America/New_York") as day | stats count(*) as n by day"#,
        order: Free,
        expected: |records| {
            let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
            let day = |r: &Record| {
                let instant = jiff::Timestamp::from_millisecond(r.time?).unwrap();
                Some(instant.to_zoned_datetime(zone.clone()).date().to_string())
            };
            counted(records, ["day"], "n", |r| [day(r)])
        },
    },
    // Texts.
    Query {
        text: "fields substr(eventTime, 0, 7) as month | stats count(*) as n by month | sort month",
        order: By(&["month"]),
        expected: |records| {
            counted(records, ["month"], "n", |r| [r.get("eventTime").map(|text| text[..7].to_owned())])
        },
    },
    Query {
        text: r#"parse @message /"eventName": *"(?<name>[^"]+)"/ | stats count(*) by name"#,
        order: Free,
        expected: |records| counted(records, ["name"], "count(*)", |r| [Some(spelled_name(&r.text))]),
    },
    Query {
        text: r#"parse userIdentity.arn "arn:aws:*::*:*" as service, account, resource | stats count(*) as n by service, account, resource"#,
        order: Free,
        expected: |records| {
            let parts = |r: &Record| {
                let arn = r.get("userIdentity.arn")?;
                let behind = &arn[arn.find("arn:aws:")? + 8..];
                let (service, behind) = behind.split_once("::")?;
                let (account, resource) = behind.split_once(':')?;
                Some([service.to_owned(), account.to_owned(), resource.to_owned()])
            };
            // Where nothing matches, what the record itself calls so stays.
            let names = ["service", "account", "resource"];
            counted(records, names, "n", |r| match parts(r) {
                Some(parts) => parts.map(Some),
                None => names.map(|name| r.text(name)),
            })
        },
    },
    Query {
        text: r#"filter strcontains(userAgent, "aws-cli") or startsWith(tolower(userAgent), "boto3") | stats count(*) as n by concat(awsRegion, "/", sourceIPAddress) as place"#,
        order: Free,
        expected: |records| {
            let scripted = records.iter().filter(|r| {
                let agent = r.get("userAgent").unwrap_or_default();
                agent.contains("aws-cli") || agent.to_lowercase().starts_with("boto3")
            });
            counted(scripted, ["place"], "n", |r| {
                let text = |name| r.get(name).unwrap_or_default();
                [Some(format!("{}/{}", text("awsRegion"), text("sourceIPAddress")))]
            })
        },
    },
    Query {
        text: r#"filter eventSource = "s3.amazonaws.com" and not (eventName like /^Get/ or eventName like /^List/) | stats count(*) as n by eventName, errorCode"#,
        order: Free,
        expected: |records| {
            let changed = records.iter().filter(|r| {
                let name = r.get("eventName").unwrap();
                r.is("eventSource", "s3.amazonaws.com")
                    && !name.starts_with("Get")
                    && !name.starts_with("List")
            });
            counted_by(changed, ["eventName", "errorCode"], "n")
        },
    },
    Query {
        text: r#"fields case(errorCode like "Denied", "denied", ispresent(errorCode), "failed", "ok") as outcome | stats count(*) as n by eventSource, outcome"#,
        order: Free,
        expected: |records| {
            counted(records, ["eventSource", "outcome"], "n", |r| {
                let outcome = match r.get("errorCode") {
                    Some(code) if code.contains("Denied") => "denied",
                    Some(_) => "failed",
                    None => "ok",
                };
                [r.text("eventSource"), Some(outcome.to_owned())]
            })
        },
    },
    // Absent fields, arrays, addresses.
    Query {
        text: "filter errorCode != \"AccessDenied\" and userIdentity.userName not in [\"benjamin\", \"Administrator\"] | stats count(*) as n by isempty(errorCode) as fine",
        order: Free,
        expected: |records| {
            let others = records.iter().filter(|r| {
                let named =
                    ["benjamin", "Administrator"].iter().any(|name| r.is("userIdentity.userName", name));
                !r.is("errorCode", "AccessDenied") && !named
            });
            counted(others, ["fine"], "n", |r| {
                [Some(u8::from(r.get("errorCode").unwrap_or_default().is_empty()).to_string())]
            })
        },
    },
    Query {
        text: "stats count(*) as n by resources.0.type, resources.1.accountId",
        order: Free,
        expected: |records| counted_by(records, ["resources.0.type", "resources.1.accountId"], "n"),
    },
    Query {
        text: "fields jsonParse(@message) as j | unnest j.resources into r | stats count(*) as n by r.type, r.ARN",
        order: Free,
        expected: |records| {
            let resources = records.iter().flat_map(|r| match &r.json["resources"] {
                Value::Array(elements) => elements.clone(),
                Value::Null => Vec::new(),
                alone => vec![alone.clone()],
            });
            let keys: Vec<_> = resources.map(|r| [printed(&r["type"]), printed(&r["ARN"])]).collect();
            let distinct: BTreeSet<_> = keys.iter().cloned().collect();
            let rows = distinct.into_iter().map(|key| {
                let n = keys.iter().filter(|other| **other == key).count();
                let [kind, arn] = key;
                row([("r.type", kind), ("r.ARN", arn), ("n", Some(n.to_string()))])
            });
            rows.collect()
        },
    },
    Query {
        text: "stats sum(isValidIp(sourceIPAddress)) as valid, sum(isValidIpV6(sourceIPAddress)) as six, count(*) as n by eventType",
        order: Free,
        expected: |records| {
            let kinds = group(records, |r| [r.text("eventType")]).into_iter().map(|([kind], records)| {
                // No address at all gives no number to add up.
                let any = records.iter().any(|r| r.has("sourceIPAddress"));
                let count = |test: fn(IpAddr) -> bool| {
                    any.then(|| records.iter().filter(|r| address(r).is_some_and(test)).count().to_string())
                };
                row([
                    ("eventType", kind),
                    ("valid", count(|_| true)),
                    ("six", count(|address| address.is_ipv6())),
                    ("n", Some(records.len().to_string())),
                ])
            });
            kinds.collect()
        },
    },
    Query {
        text: r#"filter userIdentity.sessionContext.attributes.mfaAuthenticated = "false" | stats count(*) as n by userIdentity.type, eventName | filter n >= 2 | sort n desc, userIdentity.type, eventName | limit 5"#,
        order: Exact,
        expected: |records| {
            let without = records
                .iter()
                .filter(|r| r.is("userIdentity.sessionContext.attributes.mfaAuthenticated", "false"));
            let mut rows = counted_by(without, ["userIdentity.type", "eventName"], "n");
            rows.retain(|row| number(row, "n") >= 2);
            rows.sort_by(|a, b| {
                let names = || by_value(a, b, "userIdentity.type").then_with(|| by_value(a, b, "eventName"));
                number(b, "n").cmp(&number(a, "n")).then_with(names)
            });
            first(5, rows)
        },
    },
    Query {
        text: "filter userIdentity.arn in (SOURCE 'trail' | stats count(*) as n by userIdentity.arn | filter n > 8 | fields userIdentity.arn) | stats count(*) as n by userIdentity.arn, bin(1d)",
        order: Free,
        expected: |records| {
            let groups =
                group(records.iter().filter(|r| r.has("userIdentity.arn")), |r| [r.text("userIdentity.arn")]);
            let busy = groups.into_values().filter(|records| records.len() > 8).flatten();
            counted(busy, ["userIdentity.arn", "bin(1d)"], "n", |r| {
                [r.text("userIdentity.arn"), r.floor(DAY)]
            })
        },
    },
];

/// `@timestamp` and `@message`, newest first.
fn raw<'r>(records: impl Iterator<Item = &'r Record>) -> Vec<Row> {
    let rows = newest_first(records)
        .into_iter()
        .map(|r| row([("@timestamp", r.time.map(printed_time)), ("@message", Some(r.text.clone()))]));
    rows.collect()
}

/// These fields, newest first.
fn columns<'r, const N: usize>(records: impl Iterator<Item = &'r Record>, names: [&str; N]) -> Vec<Row> {
    newest_first(records).into_iter().map(|r| row(names.map(|name| (name, r.text(name))))).collect()
}

fn first(most: usize, mut rows: Vec<Row>) -> Vec<Row> {
    rows.truncate(most);
    rows
}

fn number(row: &Row, name: &str) -> u64 {
    row[name].parse().unwrap()
}

fn by_value(a: &Row, b: &Row, name: &str) -> std::cmp::Ordering {
    compare_values(a.get(name).map(String::as_str), b.get(name).map(String::as_str))
}

/// Different texts as a JSON list in order.
fn set(texts: impl Iterator<Item = Option<String>>) -> String {
    let texts: BTreeSet<String> = texts.flatten().collect();
    Value::from(texts.into_iter().collect::<Vec<_>>()).to_string()
}

fn is_outdated_tls(record: &&Record) -> bool {
    ["TLSv1.1", "TLSv1.2"].iter().any(|version| record.is("tlsDetails.tlsVersion", version))
}

fn address(record: &Record) -> Option<IpAddr> {
    record.get("sourceIPAddress")?.parse().ok()
}

fn bytes_out(records: &[&Record]) -> Vec<i128> {
    records.iter().filter_map(|r| r.number("additionalEventData.bytesTransferredOut")).collect()
}

/// The first event name that the text spells.
fn spelled_name(text: &str) -> String {
    let behind = text[text.find("\"eventName\":").unwrap() + 12..].trim_start();
    behind.trim_start_matches('"').split('"').next().unwrap().to_owned()
}
