//! Who a token says that it was issued by, and whether that can be believed before anybody is asked.
//!
//! Keys are asked for at an address made of the token's own words, and the token may be forged. So an issuer counts only where all of
//! it is what Amazon Cognito itself would write: <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html>.

use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pool::IssuerType;
use crate::domain::regions::{self, Partition};

/// A user pool, as an `iss` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    pub pool: PoolId,
    pub kind: IssuerType,
    /// The Region in the host's name. It is the pool's own, except for a replica's tokens. `None` where the issuer is an address
    /// under the endpoint that replaces AWS.
    pub region: Option<String>,
}

/// What the user said that a token must come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// `--pool`, as an id.
    Pool(PoolId),
    /// `--issuer`: the whole `iss`.
    Issuer(String),
}

/// What counts as an issuer here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// The Region of this session, which the user chose.
    pub region: Option<&'a str>,
    /// An endpoint that replaces AWS's own: its address may be the issuer, and keys are asked for there alone.
    pub endpoint: Option<&'a str>,
    pub pin: Option<&'a Pin>,
}

impl Issuer {
    /// The issuer of the pool's own Region; `None` where the pool's id names no Region.
    #[must_use]
    pub fn of(pool: &PoolId, kind: IssuerType) -> Option<Self> {
        Some(Self {
            region: Some(pool.region()?.to_owned()),
            pool: pool.clone(),
            kind,
        })
    }

    /// Where the Region in the issuer is not the pool's own: both, the issuer's first. A replica's tokens are like that.
    #[must_use]
    pub fn two_regions(&self) -> Option<(&str, &str)> {
        let (issuing, home) = (self.region.as_deref()?, self.pool.region()?);
        (issuing != home).then_some((issuing, home))
    }
}

impl Rules<'_> {
    /// The pool that `iss` names. `None` for everything that is not Amazon Cognito's, letter by letter: another scheme, host, port or
    /// path, a Region that is neither on AWS's list nor the user's choice.
    #[must_use]
    pub fn issuer(&self, iss: &str) -> Option<Issuer> {
        self.at_aws(iss).or_else(|| self.at_endpoint(iss))
    }

    fn at_aws(&self, iss: &str) -> Option<Issuer> {
        let (host, id) = iss.strip_prefix("https://")?.split_once('/')?;
        let (kind, place) = match host.strip_prefix("issuer-cognito-idp.") {
            Some(place) => (IssuerType::Updated, place),
            None => (IssuerType::Original, host.strip_prefix("cognito-idp.")?),
        };
        let (region, suffix) = place.split_once('.')?;
        let (home, number) = id.split_once('_')?;
        let alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if number.is_empty() || id.len() > 55 || !alphanumeric(number) {
            return None;
        }
        let partition = self.partition(region, iss)?;
        let whole = partition.dns_suffix() == suffix && self.partition(home, iss)? == partition;
        whole.then(|| Issuer {
            pool: PoolId::new(id),
            kind,
            region: Some(region.to_owned()),
        })
    }

    /// Some emulators put their own address there.
    fn at_endpoint(&self, iss: &str) -> Option<Issuer> {
        let endpoint = self.endpoint?.trim_end_matches('/');
        let id = iss.strip_prefix(endpoint)?.strip_prefix('/')?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (!id.is_empty() && id.bytes().all(plain)).then(|| Issuer {
            pool: PoolId::new(id),
            kind: IssuerType::Original,
            region: None,
        })
    }

    /// The partition of a Region that `iss` names, where it may name it.
    fn partition(&self, region: &str, iss: &str) -> Option<Partition> {
        let of_session = self.region == Some(region);
        // No host of AWS is asked for the keys then.
        if of_session && self.endpoint.is_some() && endpoints::may_be_region(region) {
            return Some(Partition::of(region));
        }
        let pinned = match self.pin {
            Some(Pin::Pool(pool)) => pool.region() == Some(region),
            Some(Pin::Issuer(pinned)) => pinned == iss,
            None => false,
        };
        let chosen = (of_session || pinned) && regions::has_shape(region);
        Partition::of_region(region).or_else(|| chosen.then(|| Partition::of(region)))
    }

    /// Whether the user vouched for `iss` itself.
    #[must_use]
    pub fn is_pinned(&self, iss: &str) -> bool {
        matches!(self.pin, Some(Pin::Issuer(pinned)) if pinned == iss)
    }

    /// Why an issuer is not the one that was pinned; `None` where it is, or none was.
    #[must_use]
    pub fn breaks_pin(&self, iss: &str) -> Option<String> {
        match self.pin? {
            Pin::Issuer(pinned) => {
                (pinned != iss).then(|| format!("Its issuer is {iss}; --issuer says {pinned}."))
            }
            Pin::Pool(pinned) => {
                let named = self.issuer(iss)?.pool;
                (named != *pinned)
                    .then(|| format!("Its user pool is {named}; --pool says {pinned}."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict(iss: &str) -> Option<Issuer> {
        Rules::default().issuer(iss)
    }

    #[test]
    fn every_issuer_that_cognito_writes_is_read_back() {
        for region in regions::known() {
            for kind in [IssuerType::Original, IssuerType::Updated] {
                let pool = PoolId::new(format!("{region}_AbC123"));
                let iss = endpoints::issuer_of(&pool, kind).unwrap();
                assert_eq!(strict(&iss), Issuer::of(&pool, kind), "{iss}");
                assert_eq!(strict(&iss).unwrap().two_regions(), None);
            }
        }
    }

    #[test]
    fn everything_else_is_not_cognitos() {
        for iss in [
            // A host of somebody else's, under a name that AWS gives out.
            "https://cognito-idp.s3.amazonaws.com/s3_x",
            "https://cognito-idp.s3-us-west-2.amazonaws.com/s3-us-west-2_x",
            "https://cognito-idp.cloudfront.amazonaws.com/cloudfront_x",
            "https://cognito-idp.us-gov-x.amazonaws.com/us-gov-x_x",
            "https://cognito-idp.cn-evil.amazonaws.com.cn/cn-evil_x",
            "https://cognito-idp.us-s3-1.amazonaws.com/us-s3-1_x",
            "https://cognito-idp.us-iso-east-1.c2s.ic.gov/us-iso-east-1_x",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A",
            "https://cognito-idp.us-west-9.amazonaws.com/us-west-9_A",
            // A host of another partition.
            "https://cognito-idp.eusc-de-east-1.amazonaws.com/eusc-de-east-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.eu/eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/eusc-de-east-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/s3_A",
            // Another host, scheme, port, path, query.
            "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/eu-west-1_A",
            "https://cognito-idp.eu-west-1.evil.example/eu-west-1_A",
            "https://evil.example/cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            "https://x.cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            "https://cognito-idp-fips.eu-west-1.amazonaws.com/eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com:443/eu-west-1_A",
            "https://user@cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            "https://cognito-idp.x@evil.amazonaws.com/x@evil_A",
            "https://cognito-idp.evil.example#.amazonaws.com/evil.example#_A",
            "https://cognito-idp.eu-west-1\\.amazonaws.com/eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com./eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A/",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A?x",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A#x",
            "https://cognito-idp.eu-west-1.amazonaws.com/../eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com//eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A_B",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A%2f..",
            "https://cognito-idp.eu-west-1.amazonaws.com/",
            "https://cognito-idp.EU-WEST-1.amazonaws.com/EU-WEST-1_A",
            "HTTPS://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            " https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A ",
            "https://accounts.example.com",
            "eu-west-1_A",
            "/_",
            "",
        ] {
            assert_eq!(strict(iss), None, "{iss}");
        }
    }

    #[test]
    fn a_replicas_issuer_names_two_regions() {
        let iss = "https://cognito-idp.us-west-2.amazonaws.com/us-east-1_A";
        let found = strict(iss).unwrap();
        assert_eq!(found.two_regions(), Some(("us-west-2", "us-east-1")));
        let pin = Pin::Issuer(iss.to_owned());
        let pinned = Rules {
            pin: Some(&pin),
            ..Rules::default()
        };
        assert!(pinned.is_pinned(iss) && !Rules::default().is_pinned(iss));
    }

    #[test]
    fn a_region_that_the_user_chose_need_only_have_the_shape() {
        let of = |region: &str| format!("https://cognito-idp.{region}.amazonaws.com/{region}_A");
        for (region, counts) in [("us-west-9", true), ("us-s3-1", false), ("s3", false)] {
            let iss = of(region);
            let session = Rules {
                region: Some(region),
                ..Rules::default()
            };
            assert_eq!(session.issuer(&iss).is_some(), counts, "{region}");
            for pin in [
                Pin::Issuer(iss.clone()),
                Pin::Pool(PoolId::new(format!("{region}_A"))),
            ] {
                let pinned = Rules {
                    pin: Some(&pin),
                    ..Rules::default()
                };
                assert_eq!(pinned.issuer(&iss).is_some(), counts, "{region}");
                assert_eq!(pinned.issuer(&of("us-west-8")), None);
            }
        }
        let china = Rules {
            region: Some("cn-north-1"),
            ..Rules::default()
        };
        let iss = "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A";
        assert!(china.issuer(iss).is_some());
    }

    #[test]
    fn an_endpoint_may_issue_under_its_own_address_and_plays_any_region() {
        let rules = Rules {
            region: Some("local"),
            endpoint: Some("http://127.0.0.1:4566/"),
            pin: None,
        };
        let of = |iss: &str| rules.issuer(iss).map(|issuer| issuer.pool);
        for iss in [
            "http://127.0.0.1:4566/eu-west-1_A",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
        ] {
            assert_eq!(of(iss), Some(PoolId::new("eu-west-1_A")), "{iss}");
        }
        assert!(of("https://cognito-idp.local.amazonaws.com/local_A").is_some());
        for iss in [
            "http://127.0.0.1:45660/eu-west-1_A",
            "http://127.0.0.1:4566/a/b",
            "http://127.0.0.1:4566/../x",
            "https://cognito-idp.s3.amazonaws.com/s3_A",
            "eu-west-1_A",
        ] {
            assert_eq!(of(iss), None, "{iss}");
        }
    }

    #[test]
    fn a_pin_holds_whole_issuers_and_pools() {
        let iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A";
        let breaks = |pin: Pin| {
            let rules = Rules {
                pin: Some(&pin),
                ..Rules::default()
            };
            rules.breaks_pin(iss).is_some()
        };
        assert!(!breaks(Pin::Issuer(iss.to_owned())));
        assert!(breaks(Pin::Issuer(format!("{iss}B"))));
        assert!(!breaks(Pin::Pool(PoolId::new("eu-west-1_A"))));
        assert!(breaks(Pin::Pool(PoolId::new("eu-west-1_B"))));
        assert!(Rules::default().breaks_pin(iss).is_none());
    }
}
