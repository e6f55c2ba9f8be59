//! AWS's hosts, by the SDK's own rules: partitions, FIPS and dual stack.

use aws_sdk_cognitoidentityprovider::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};

use crate::domain::regions::Partition;

/// Which of AWS's hosts the user asks for: `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`, or the profile's settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AwsHosts {
    pub fips: bool,
    pub dual_stack: bool,
}

impl AwsHosts {
    /// The URL of the Cognito API in a Region, for the operation that is called without the SDK. GovCloud's is always the FIPS one.
    /// `None` where the SDK knows no such host.
    pub async fn api_url(self, region: &str) -> Option<String> {
        let params = Params::builder()
            .region(region)
            .use_fips(self.fips || Partition::of(region) == Partition::GovCloud)
            .use_dual_stack(self.dual_stack)
            .build()
            .ok()?;
        let resolver = DefaultResolver::new();
        let endpoint = ResolveEndpoint::resolve_endpoint(&resolver, &params);
        let endpoint = endpoint.await.ok()?;
        Some(format!("{}/", endpoint.url().trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::regions;

    #[tokio::test]
    async fn the_domains_hosts_are_the_sdks() {
        for region in regions::known() {
            let partition = Partition::of(region);
            if partition == Partition::GovCloud {
                continue;
            }
            let suffix = partition.dns_suffix();
            let url = AwsHosts::default().api_url(region).await;
            let expected = format!("https://cognito-idp.{region}.{suffix}/");
            assert_eq!(url, Some(expected));
        }
    }

    #[tokio::test]
    async fn fips_and_dual_stack_reach_the_call_without_the_sdk() {
        let plain = AwsHosts::default();
        let fips = AwsHosts {
            fips: true,
            ..plain
        };
        let dual_stack = AwsHosts {
            dual_stack: true,
            ..plain
        };
        assert_eq!(
            fips.api_url("us-east-1").await.unwrap(),
            "https://cognito-idp-fips.us-east-1.amazonaws.com/"
        );
        assert_eq!(
            plain.api_url("us-gov-east-1").await.unwrap(),
            "https://cognito-idp-fips.us-gov-east-1.amazonaws.com/"
        );
        // The commercial hosts are dual-stack by themselves.
        assert_eq!(
            dual_stack.api_url("eu-west-1").await,
            plain.api_url("eu-west-1").await
        );
        let both = AwsHosts {
            dual_stack: true,
            ..fips
        };
        assert_eq!(
            both.api_url("us-gov-east-1").await.unwrap(),
            "https://cognito-idp-fips.us-gov-east-1.api.aws/"
        );
        assert_eq!(plain.api_url("not a region").await, None);
    }
}
