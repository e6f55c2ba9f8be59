//! What a pool is, as labelled values: for its overview, and for the preview beside the list of pools.

use crate::app::screen::View;
use crate::domain::hosts;
use crate::domain::pool::{IssuerType, UserPool};
use crate::ui::facts::Fact;
use crate::ui::theme::Tone;

/// The few settings that matter for machine-to-machine tokens.
pub fn summary(pool: &UserPool) -> Vec<Fact<'_>> {
    let mut lines = Vec::new();
    let tier = pool.tier.as_deref().unwrap_or("not told");
    lines.push(Fact::new("Feature plan", tier.to_owned()).note("UserPoolTier"));
    lines.push(if pool.deletion_protection {
        Fact::new("Deletion", "protected").note("DeletionProtection")
    } else {
        Fact::new("Deletion", "not protected").tone(Tone::Warn).note("DeletionProtection")
    });
    match (&pool.prefix_domain, &pool.custom_domain) {
        (None, None) => lines.push(
            Fact::new("Domain", "none").tone(Tone::Warn).note("without one the pool has no token endpoint"),
        ),
        (prefix, custom) => {
            lines.extend(custom.iter().map(|name| Fact::new("Custom domain", name.as_str())));
            lines.extend(prefix.iter().map(|name| Fact::new("Prefix domain", name.as_str())));
        }
    }
    lines.push(match &pool.pre_token_trigger {
        None => Fact::new("Token trigger", "none"),
        Some(trigger) if trigger.fires_for_m2m() => Fact::new("Token trigger", trigger.version.as_str())
            .tone(Tone::Warn)
            .note("may change the scopes and claims of M2M tokens"),
        Some(trigger) => Fact::new("Token trigger", trigger.version.as_str()).note("does not fire for M2M: only V3_0 does"),
    });
    lines
}

/// Token endpoint, issuer and JWKS URL.
pub fn endpoints<'a>(pool: &'a UserPool, view: &View<'a>) -> Vec<Fact<'a>> {
    let mut lines = vec![match view.store.token_endpoint(&pool.id) {
        Some(url) => Fact::new("Token endpoint", url),
        None => Fact::new("Token endpoint", "none").tone(Tone::Warn).note("add a domain, or use GetClientToken"),
    }];
    if let Some(issuer) = hosts::issuer(pool) {
        let kind = match pool.issuer {
            IssuerType::Original => "",
            IssuerType::Updated => "IssuerConfiguration UPDATED",
        };
        lines.push(Fact::new("Issuer", issuer).note(kind));
    }
    if let Some(url) = hosts::jwks_url(pool) {
        lines.push(Fact::new("JWKS", url));
    }
    lines
}
