//! Rules about the pool itself, its domains and its pre-token trigger.

use super::{Evidence, PoolSnapshot};
use crate::domain::limits;
use crate::domain::pool::{DnsRecord, Domain, PreTokenTrigger};

pub(super) fn deletion_unprotected(found: &PoolSnapshot) -> Option<Evidence> {
    // An absent value is unknown: the pool may be protected.
    (found.pool.deletion_protection == Some(false)).then(|| {
        Evidence::new(
            "DeletionProtection INACTIVE",
            "Set DeletionProtection to ACTIVE. Send all other settings of the pool again.",
        )
    })
}

pub(super) fn domain_not_active(_: &PoolSnapshot, domain: &Domain) -> Option<Evidence> {
    let status = domain.status.as_deref()?;
    let fix = match status {
        // It still answers during an update.
        "ACTIVE" | "UPDATING" => return None,
        "CREATING" => {
            "Wait until it is ACTIVE. A custom domain needs a DNS record that points to its CloudFront name."
        }
        "DELETING" => "Add a domain again if programs still request tokens there.",
        _ if domain.custom => {
            "Delete and recreate it. Its certificate must be in us-east-1, and its parent domain needs an A record."
        }
        _ => "Delete and recreate it, perhaps with another prefix.",
    };
    let kind = if domain.custom { "custom" } else { "prefix" };
    let seen = match &domain.cloudfront {
        Some(target) => {
            format!("{kind} domain, status {status}, DNS record to point to {target}")
        }
        None => format!("{kind} domain, status {status}"),
    };
    Some(Evidence::new(seen, fix))
}

pub(super) fn domain_without_record(found: &PoolSnapshot, domain: &Domain) -> Option<Evidence> {
    // Another rule reports a domain that is in creation or has failed.
    let active = domain.custom && domain.status.as_deref() == Some("ACTIVE");
    let missing = found.records.contains(&(&domain.name, DnsRecord::Missing));
    (active && missing).then(|| {
        let target = domain.cloudfront.as_deref();
        Evidence::new(
            format!(
                "status ACTIVE, but {} has no address in the DNS",
                domain.name
            ),
            format!(
                "Add a CNAME or alias record that points to {}.",
                target.unwrap_or("its CloudFront name")
            ),
        )
    })
}

fn is_lite(found: &PoolSnapshot) -> bool {
    found.pool.tier.as_deref() == Some("LITE")
}

pub(super) fn trigger_changes_scopes(
    found: &PoolSnapshot,
    trigger: &PreTokenTrigger,
) -> Option<Evidence> {
    (trigger.fires_for_m2m() == Some(true) && !is_lite(found)).then(|| {
        Evidence::new(
            "LambdaVersion V3_0",
            "Check the function if tokens have too few or too many scopes.",
        )
    })
}

pub(super) fn trigger_never_fires(
    found: &PoolSnapshot,
    trigger: &PreTokenTrigger,
) -> Option<Evidence> {
    let mut clients = found.clients.iter().map(|described| described.client);
    let machine = clients.find(|client| client.settings.is_machine())?;
    (trigger.fires_for_m2m() == Some(false)).then(|| {
        Evidence::new(
            format!(
                "LambdaVersion {}; {} is an M2M client",
                trigger.version, machine.settings.name
            ),
            "For M2M tokens, set LambdaVersion to V3_0 (Essentials or Plus plan) and handle that event in the function. \
             If only user tokens need the function, change nothing.",
        )
    })
}

pub(super) fn trigger_not_in_plan(
    found: &PoolSnapshot,
    trigger: &PreTokenTrigger,
) -> Option<Evidence> {
    (is_lite(found) && trigger.version != "V1_0").then(|| {
        Evidence::new(
            format!("LambdaVersion {}, UserPoolTier LITE", trigger.version),
            "Set UserPoolTier to ESSENTIALS or PLUS, or LambdaVersion to V1_0, which changes ID tokens only.",
        )
    })
}

pub(super) fn dcr_open_machines(found: &PoolSnapshot) -> Option<Evidence> {
    let dcr = found.pool.dcr.as_ref()?;
    dcr.is_open_for_machines().then(|| {
        Evidence::new(
            "DcrConfiguration: EnableStatus Enabled, OpenDcrEnabled true, OpenDcrGrantTypes with client_credentials",
            "Remove client_credentials from OpenDcrGrantTypes, or set OpenDcrEnabled to false. Send all of DcrConfiguration: \
             updates replace it.",
        )
    })
}

pub(super) fn dcr_open(found: &PoolSnapshot) -> Option<Evidence> {
    let dcr = found.pool.dcr.as_ref()?;
    (dcr.is_open() && !dcr.is_open_for_machines()).then(|| {
        Evidence::new(
            "DcrConfiguration: EnableStatus Enabled, OpenDcrEnabled true",
            "Set OpenDcrEnabled to false if applications can get an initial access token. Send all of DcrConfiguration: \
             updates replace it.",
        )
    })
}

pub(super) fn dcr_quota(found: &PoolSnapshot) -> Option<Evidence> {
    let quota = limits::CLIENTS_PER_POOL.default;
    let clients = found.every_client()?;
    let registered = clients.iter().filter(|one| one.client.is_registered());
    let registered = registered.count();
    // Four fifths, as the AWS console's quota alarm.
    (registered > 0 && clients.len() * 5 >= quota * 4).then(|| {
        Evidence::new(
            format!(
                "{} app clients of {quota}, {registered} of them registered",
                clients.len()
            ),
            "Delete unused registered clients, or request a higher quota in Service Quotas.",
        )
    })
}
