//! The Regions that Amazon Cognito is in, and the partition that each belongs to.
//!
//! A Region's name becomes a part of host names. Where it comes from a token, anybody may have written it, and
//! `cognito-idp.s3-us-west-2.amazonaws.com` is an S3 bucket of any owner. So a name from outside must be one of the list.

/// A part of AWS with host names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// `aws`.
    Commercial,
    /// `aws-us-gov`.
    GovCloud,
    /// `aws-eusc`, the European Sovereign Cloud.
    Sovereign,
    /// `aws-cn`.
    China,
}

/// Every Region of the partitions that Cognito is in, by the SDKs' own list.
const KNOWN: [&str; 39] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The Regions that a token may name.
#[must_use]
pub fn known() -> &'static [&'static str] {
    &KNOWN
}

impl Partition {
    /// The partition of a Region that the user chose, by the beginning of its name.
    #[must_use]
    pub fn of(region: &str) -> Self {
        if region.starts_with("us-gov-") {
            Self::GovCloud
        } else if region.starts_with("cn-") {
            Self::China
        } else if region.starts_with("eusc-") {
            Self::Sovereign
        } else {
            Self::Commercial
        }
    }

    /// The partition of a Region that a token names; `None` for every name that is not on the list.
    #[must_use]
    pub fn of_region(region: &str) -> Option<Self> {
        KNOWN.contains(&region).then(|| Self::of(region))
    }

    /// What its API hosts end in.
    #[must_use]
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Self::Commercial | Self::GovCloud => "amazonaws.com",
            Self::Sovereign => "amazonaws.eu",
            Self::China => "amazonaws.com.cn",
        }
    }
}

/// Whether a name has the shape of a Region: an area, a point of the compass and a number. The list grows while a release does not,
/// so a Region that the user chose need only have the shape.
#[must_use]
pub fn has_shape(name: &str) -> bool {
    const AREAS: [&str; 12] = [
        "af", "ap", "ca", "cn", "eu", "eusc-de", "il", "me", "mx", "sa", "us", "us-gov",
    ];
    const POINTS: [&str; 9] = [
        "central",
        "east",
        "north",
        "northeast",
        "northwest",
        "south",
        "southeast",
        "southwest",
        "west",
    ];
    let mut parts = name.rsplitn(3, '-');
    let (Some(number), Some(point), Some(area)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    digits && matches!(number.len(), 1 | 2) && POINTS.contains(&point) && AREAS.contains(&area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_has_the_shape_and_its_partition() {
        for region in known() {
            assert!(has_shape(region), "{region}");
        }
        for (region, suffix) in [
            ("eu-west-1", Some("amazonaws.com")),
            ("us-gov-west-1", Some("amazonaws.com")),
            ("eusc-de-east-1", Some("amazonaws.eu")),
            // User pools are not known to be in China; the user chose it.
            ("cn-north-1", None),
        ] {
            let partition = Partition::of_region(region);
            assert_eq!(partition.map(Partition::dns_suffix), suffix, "{region}");
        }
    }

    #[test]
    fn what_only_looks_like_a_region_is_none() {
        for name in [
            "s3",
            "s3-us-west-2",
            "s3-website-us-east-1",
            "cloudfront",
            "us-gov-x",
            "cn-evil",
            "us-s3-1",
            "us-gov-1",
            "us-iso-east-1",
            "us-west-2-lax-1",
            "us-west-",
            "us-west-123",
            "us-west-٢",
            "US-WEST-2",
            "-west-1",
            "west-1",
            "",
        ] {
            assert!(!has_shape(name), "{name}");
            assert_eq!(Partition::of_region(name), None, "{name}");
        }
    }
}
