//! Checks the DNS record of a custom domain. Without one a domain can be `ACTIVE` and unreachable.

use std::io;
use std::time::Duration;

use crate::cognito::gateway::Gateway;
use crate::domain::pool::DnsRecord;

/// The timeout of the resolver; after it the record is unknown.
const PATIENCE: Duration = Duration::from_secs(4);
/// Any port: only the address matters.
const PORT: u16 = 443;

impl Gateway {
    /// Looks up a custom domain in this machine's DNS. Unknown with a custom endpoint, whose domains have no DNS record, and if the
    /// resolver does not work.
    pub async fn dns_record(&self, domain: &str) -> DnsRecord {
        match (self.endpoint(), self.region()) {
            (None, Some(region)) => {
                let known = format!("cognito-idp.{region}.amazonaws.com");
                record(domain, &known, has_address).await
            }
            _ => DnsRecord::Unknown,
        }
    }
}

/// `known` is a name that must exist: if it is not found either, this machine's DNS does not work.
async fn record<F>(domain: &str, known: &str, lookup: impl Fn(String) -> F) -> DnsRecord
where
    F: Future<Output = io::Result<bool>>,
{
    match lookup(domain.to_owned()).await {
        Ok(true) => DnsRecord::Found,
        Err(error) if error.kind() == io::ErrorKind::TimedOut => DnsRecord::Unknown,
        Ok(false) | Err(_) => match lookup(known.to_owned()).await {
            Ok(true) => DnsRecord::Missing,
            Ok(false) | Err(_) => DnsRecord::Unknown,
        },
    }
}

async fn has_address(host: String) -> io::Result<bool> {
    let lookup = tokio::net::lookup_host((host, PORT));
    let mut addresses = tokio::time::timeout(PATIENCE, lookup).await??;
    Ok(addresses.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seen(found: &[&str], slow: &[&str]) -> DnsRecord {
        record("auth.acme.example", "known.example", |host| {
            let outcome = if slow.contains(&host.as_str()) {
                Err(io::Error::from(io::ErrorKind::TimedOut))
            } else if found.contains(&host.as_str()) {
                Ok(true)
            } else {
                Err(io::Error::other("failed to lookup address information"))
            };
            std::future::ready(outcome)
        })
        .await
    }

    #[tokio::test]
    async fn a_record_is_missing_only_where_others_are_found() {
        assert_eq!(seen(&["auth.acme.example"], &[]).await, DnsRecord::Found);
        assert_eq!(seen(&["known.example"], &[]).await, DnsRecord::Missing);
        assert_eq!(seen(&[], &[]).await, DnsRecord::Unknown);
        assert_eq!(
            seen(&["known.example"], &["auth.acme.example"]).await,
            DnsRecord::Unknown
        );
    }

    #[tokio::test]
    async fn the_machines_own_name_has_an_address() {
        assert!(has_address("localhost".to_owned()).await.unwrap());
    }
}
