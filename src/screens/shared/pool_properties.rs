//! The settings of a pool as properties, for its overview and its preview.

use ratatui::text::{Line, Span};

use crate::app::query::load::NotLoaded;
use crate::app::screen::View;
use crate::domain::client::OAuthFlow;
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pool::{DcrConfiguration, IssuerType, UserPool};
use crate::screens::shared::load_states;
use crate::ui::properties::Property;
use crate::ui::text::{clean, truncate_middle, width};
use crate::ui::theme::Status;

/// The settings that matter for M2M tokens.
pub fn summary(pool: &UserPool) -> Vec<Property<'_>> {
    let mut lines = Vec::new();
    let tier = pool.tier.as_deref().unwrap_or("unknown");
    lines.push(Property::new("Feature plan", tier.to_owned()).note("UserPoolTier"));
    let deletion = match pool.deletion_protection {
        Some(true) => Property::new("Deletion", "protected"),
        Some(false) => Property::new("Deletion", "not protected").tone(Status::Warn),
        None => Property::new("Deletion", "protection unknown"),
    };
    lines.push(deletion.note("DeletionProtection"));
    match (&pool.prefix_domain, &pool.custom_domain) {
        (None, None) => lines.push(
            Property::new("Domain", "none")
                .tone(Status::Warn)
                .note("no token endpoint without a domain"),
        ),
        (prefix, custom) => {
            lines.extend(
                custom
                    .iter()
                    .map(|name| Property::new("Custom domain", name.as_str())),
            );
            lines.extend(
                prefix
                    .iter()
                    .map(|name| Property::new("Prefix domain", name.as_str())),
            );
        }
    }
    lines.push(match &pool.pre_token_trigger {
        None => Property::new("Token trigger", "none"),
        Some(trigger) if trigger.fires_for_m2m() == Some(true) => {
            Property::new("Token trigger", trigger.version.as_str())
                .tone(Status::Warn)
                .note("may change the scopes and claims of M2M tokens")
        }
        Some(trigger) if trigger.fires_for_m2m().is_none() => {
            Property::new("Token trigger", trigger.version.as_str())
                .note("unknown whether it fires for M2M")
        }
        Some(trigger) => Property::new("Token trigger", trigger.version.as_str())
            .note("does not fire for M2M: only V3_0 does"),
    });
    lines.extend(pool.dcr.as_ref().map(registration));
    lines
}

/// Whether applications can register app clients.
fn registration(dcr: &DcrConfiguration) -> Property<'static> {
    let words = |grants: &[OAuthFlow]| {
        let words: Vec<&str> = grants.iter().map(OAuthFlow::as_str).collect();
        words.join(" ")
    };
    let fact = match (dcr.enabled, dcr.open, dcr.open_grants.as_deref()) {
        (None, ..) => Property::new("Registration", "unknown"),
        (Some(false), ..) => Property::new("Registration", "off"),
        (Some(true), false, _) => Property::new("Registration", "with an initial access token"),
        (Some(true), true, None) => {
            Property::new("Registration", "open to anyone: code").tone(Status::Warn)
        }
        (Some(true), true, Some(grants)) => {
            let fact = Property::new("Registration", format!("open to anyone: {}", words(grants)));
            fact.tone(if dcr.is_open_for_machines() {
                Status::Bad
            } else {
                Status::Warn
            })
        }
    };
    fact.note("DcrConfiguration")
}

/// The pool, account and Region in one line. With less room, the pool's id is left out and its name is cut.
pub fn place(pool: &PoolId, room: u16, view: &View) -> Line<'static> {
    let account = match view.store.identity().known() {
        Ok(who) => format!("account {}", who.account),
        Err(NotLoaded::Coming) => "account …".to_owned(),
        Err(NotLoaded::Failed(_)) => "account unknown".to_owned(),
    };
    let region = pool.region().unwrap_or("Region unknown");
    let rest = format!(" · {account} · {region}");
    let name = view.store.pool_name(pool);
    let name = clean(&name);
    let id = format!(" ({pool})");
    let room = usize::from(room).saturating_sub(width("in ") + width(&rest));
    let has_name = name != pool.as_str();
    let id = if has_name && room > width(&id) + SHORT_NAME {
        id
    } else {
        String::new()
    };
    let name = truncate_middle(&name, room.saturating_sub(width(&id))).into_owned();
    let theme = view.theme;
    Line::from(vec![
        Span::styled("in ", theme.dim),
        Span::styled(name, theme.strong),
        Span::styled(format!("{id}{rest}"), theme.dim),
    ])
}

/// A pool's name keeps this many letters; then its id is left out.
const SHORT_NAME: usize = 16;

/// The label of the pool's own endpoint.
pub const TOKEN_ENDPOINT: &str = "Token endpoint";

/// The pool's token endpoint at its domain, and the one this session uses if it differs.
pub fn token_endpoint<'a>(pool: &'a UserPool, view: &View<'a>) -> Vec<Property<'a>> {
    let mut lines = vec![match endpoints::token_endpoint(pool) {
        Some(url) => Property::new(TOKEN_ENDPOINT, url),
        None if pool.has_domain() => Property::new(TOKEN_ENDPOINT, "unknown in this Region"),
        None => Property::new(TOKEN_ENDPOINT, "none")
            .tone(Status::Warn)
            .note("add a domain or use GetClientToken"),
    }];
    lines.extend(asked_here(pool, view));
    lines
}

/// The same for a pool that may not be read.
pub fn token_endpoint_of<'a>(pool: &PoolId, view: &View<'a>) -> Vec<Property<'a>> {
    match view.store.pool(pool).known() {
        Ok(pool) => token_endpoint(pool, view),
        Err(unread) => {
            let reason = load_states::reason(unread, "the pool", view);
            vec![Property::new(TOKEN_ENDPOINT, reason).tone(Status::Warn)]
        }
    }
}

/// The label of the endpoint that this session uses instead.
pub const IN_USE: &str = "Endpoint used";

/// The endpoint this session gets tokens from, if it is none of the pool's domains.
pub fn asked_instead<'a>(pool: &UserPool, view: &View<'a>) -> Option<&'a str> {
    let asked = view.store.token_endpoint(&pool.id).ok()??;
    let own = endpoints::token_endpoints(pool);
    (!own.iter().any(|own| own == asked)).then_some(asked)
}

/// The same as a property.
pub fn asked_here<'a>(pool: &UserPool, view: &View<'a>) -> Option<Property<'a>> {
    let asked = asked_instead(pool, view)?;
    Some(Property::new(IN_USE, asked).note("used by this session"))
}

/// The pool's token endpoints with their labels: its own, and the one used instead.
pub fn labelled_endpoints(pool: &UserPool, view: &View) -> Vec<(&'static str, String)> {
    let own = endpoints::token_endpoint(pool).map(|url| (TOKEN_ENDPOINT, url));
    let instead = asked_instead(pool, view).map(|url| (IN_USE, url.to_owned()));
    own.into_iter().chain(instead).collect()
}

/// Token endpoint, issuer and JWKS URL.
pub fn endpoints<'a>(pool: &'a UserPool, view: &View<'a>) -> Vec<Property<'a>> {
    let mut lines = token_endpoint(pool, view);
    match (endpoints::issuer(pool), pool.issuer) {
        (Some(issuer), Some(IssuerType::Updated)) => {
            lines.push(Property::new("Issuer", issuer).note("IssuerConfiguration UPDATED"));
        }
        (Some(issuer), _) => lines.push(Property::new("Issuer", issuer)),
        (None, None) => lines.push(Property::new("Issuer", "unknown").note("IssuerConfiguration")),
        (None, Some(_)) => {}
    }
    if let Some(url) = endpoints::jwks_url(pool) {
        lines.push(Property::new("JWKS", url));
    }
    lines
}
