//! Rules about the pool itself, its domains and its pre-token trigger.

use super::grants::is_machine;
use super::{Evidence, PoolSnapshot, Subject};
use crate::domain::limits;
use crate::domain::pool::{DnsRecord, PreTokenTrigger};

pub(super) fn deletion_unprotected(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    // Where Cognito does not say, it may be protected.
    if found.pool.deletion_protection != Some(false) {
        return Vec::new();
    }
    let verdict = Evidence::new(
        "DeletionProtection INACTIVE",
        "Set DeletionProtection to ACTIVE. Send all other settings of the pool again.",
    );
    vec![(Subject::Pool, verdict)]
}

pub(super) fn domain_not_active(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let domains = found.domains.into_iter().flatten();
    domains
        .filter_map(|domain| {
            let fix = match domain.status.as_deref()? {
                // It still answers during an update.
                "ACTIVE" | "UPDATING" => return None,
                "CREATING" => "Wait until it is ACTIVE. A custom domain needs a DNS record that points to its CloudFront name.",
                "DELETING" => "Add a domain again if programs still request tokens there.",
                _ if domain.custom => {
                    "Delete and recreate it. Its certificate must be in us-east-1, and its parent domain needs an A record."
                }
                _ => "Delete and recreate it, perhaps with another prefix.",
            };
            let kind = if domain.custom { "custom" } else { "prefix" };
            let status = domain.status.as_deref().unwrap_or_default();
            let seen = match &domain.cloudfront {
                Some(target) => {
                    format!("{kind} domain, status {status}, DNS record to point to {target}")
                }
                None => format!("{kind} domain, status {status}"),
            };
            Some((
                Subject::Domain(domain.name.clone()),
                Evidence::new(seen, fix),
            ))
        })
        .collect()
}

pub(super) fn domain_without_record(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let domains = found.domains.into_iter().flatten();
    domains
        // Another rule reports a domain that is in creation or has failed.
        .filter(|domain| domain.custom && domain.status.as_deref() == Some("ACTIVE"))
        .filter(|domain| found.records.contains(&(&domain.name, DnsRecord::Missing)))
        .map(|domain| {
            let target = domain
                .cloudfront
                .as_deref()
                .unwrap_or("its CloudFront name");
            let verdict = Evidence::new(
                format!(
                    "status ACTIVE, but {} has no address in the DNS",
                    domain.name
                ),
                format!("Add a CNAME or alias record that points to {target}."),
            );
            (Subject::Domain(domain.name.clone()), verdict)
        })
        .collect()
}

/// A finding on the pool's trigger, if `is_it` holds.
fn on_trigger(
    found: &PoolSnapshot,
    is_it: impl Fn(&PreTokenTrigger) -> bool,
    verdict: impl Fn(&PreTokenTrigger) -> Evidence,
) -> Vec<(Subject, Evidence)> {
    let trigger = found.pool.pre_token_trigger.as_ref();
    trigger
        .filter(|trigger| is_it(trigger))
        .map(|trigger| (Subject::Trigger(trigger.arn.clone()), verdict(trigger)))
        .into_iter()
        .collect()
}

fn is_lite(found: &PoolSnapshot) -> bool {
    found.pool.tier.as_deref() == Some("LITE")
}

pub(super) fn trigger_changes_scopes(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    on_trigger(
        found,
        |trigger| trigger.fires_for_m2m() == Some(true) && !is_lite(found),
        |_| {
            Evidence::new(
                "LambdaVersion V3_0",
                "Check the function if tokens have too few or too many scopes.",
            )
        },
    )
}

pub(super) fn trigger_never_fires(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let mut clients = found.clients.iter().map(|described| described.client);
    let Some(machine) = clients.find(|client| is_machine(client)) else {
        return Vec::new();
    };
    on_trigger(
        found,
        |trigger| trigger.fires_for_m2m() == Some(false),
        |trigger| {
            Evidence::new(
                format!(
                    "LambdaVersion {}; {} is a machine's client",
                    trigger.version, machine.settings.name
                ),
                "For M2M tokens, set LambdaVersion to V3_0 (Essentials or Plus plan) and handle that event in the function. For user \
                 tokens alone, change nothing.",
            )
        },
    )
}

pub(super) fn trigger_not_in_plan(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    on_trigger(
        found,
        |trigger| is_lite(found) && trigger.version != "V1_0",
        |trigger| {
            Evidence::new(
                format!("LambdaVersion {}, UserPoolTier LITE", trigger.version),
                "Set UserPoolTier to ESSENTIALS or PLUS, or LambdaVersion to V1_0, which changes ID tokens only.",
            )
        },
    )
}

pub(super) fn dcr_open_machines(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let dcr = found.pool.dcr.as_ref();
    let open = dcr.filter(|dcr| dcr.is_open_for_machines());
    let verdict = |_| {
        Evidence::new(
            "DcrConfiguration: EnableStatus Enabled, OpenDcrEnabled true, OpenDcrGrantTypes with client_credentials",
            "Remove client_credentials from OpenDcrGrantTypes, or set OpenDcrEnabled to false. Send all of DcrConfiguration: updates replace it.",
        )
    };
    open.map(|dcr| (Subject::Pool, verdict(dcr)))
        .into_iter()
        .collect()
}

pub(super) fn dcr_open(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let dcr = found.pool.dcr.as_ref();
    let open = dcr.filter(|dcr| dcr.is_open() && !dcr.is_open_for_machines());
    let verdict = |_| {
        Evidence::new(
            "DcrConfiguration: EnableStatus Enabled, OpenDcrEnabled true",
            "Set OpenDcrEnabled to false if applications can get an initial access token. Send all of DcrConfiguration: updates replace it.",
        )
    };
    open.map(|dcr| (Subject::Pool, verdict(dcr)))
        .into_iter()
        .collect()
}

pub(super) fn dcr_quota(found: &PoolSnapshot) -> Vec<(Subject, Evidence)> {
    let quota = limits::CLIENTS_PER_POOL.default;
    let Some(clients) = found.every_client() else {
        return Vec::new();
    };
    let registered = clients
        .iter()
        .filter(|one| one.client.is_registered())
        .count();
    // Four fifths, as the AWS console's quota alarm.
    if registered == 0 || clients.len() * 5 < quota * 4 {
        return Vec::new();
    }
    let verdict = Evidence::new(
        format!(
            "{} app clients of {quota}, {registered} of them registered",
            clients.len()
        ),
        "Delete unused registered clients, or request a higher quota in Service Quotas.",
    );
    vec![(Subject::Pool, verdict)]
}
