//! The secret of an app client on the screen: its place, its revealed value, its age.

use ratatui::text::{Line, Span};

use crate::app::message::Query;
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::domain::client::AppClient;
use crate::domain::rotation::SecretPair;
use crate::domain::secret::{DescribedSecret, SecretDescriptor, SecretState};
use crate::domain::time;
use crate::screens::shared::format::{self, MASK};
use crate::ui::properties::Property;
use crate::ui::theme::Status;

/// The secret's place, or its value. The countdown is in the border ([`hides_in`]), so that no line moves.
pub fn line<'a>(client: &AppClient, shown: Option<(&'a str, i64)>, view: &View) -> Property<'a> {
    if let Some((value, _)) = shown {
        return Property::new("Secret", Line::from(Span::styled(value, view.theme.accent)));
    }
    let state = view.store.secret_state(client);
    match &state {
        SecretState::Shown => Property::new("Secret", MASK),
        SecretState::Managed { .. } => {
            Property::new("Secret", format!("{MASK} in AWS Secrets Manager"))
                .note("ClientSecretArn")
        }
        SecretState::None | SecretState::Hidden(_) => Property::new("Secret", state.sentence()),
        SecretState::Unknown(_) => Property::new("Secret", state.sentence()).tone(Status::Warn),
    }
}

/// Why the secret can't be revealed or copied; `None` where it can.
pub fn cannot_reveal(client: &AppClient, view: &View) -> Option<String> {
    let state = view.store.secret_state(client);
    match &state {
        SecretState::Shown | SecretState::Managed { .. } => None,
        SecretState::None => Some("Public client: no secret to reveal".to_owned()),
        SecretState::Hidden(_) => {
            Some("Cognito does not return this secret: use the delivered value".to_owned())
        }
        SecretState::Unknown(why) => Some(format!("Secret unknown: {}", why.reason())),
    }
}

/// Why the secret can't be rotated; `None` where it can.
pub fn cannot_rotate(client: &AppClient, view: &View) -> Option<String> {
    if client.is_registered() {
        return Some(
            "Dynamically registered client: Cognito allows no secret operations".to_owned(),
        );
    }
    view.store
        .secret_state(client)
        .is_public()
        .then(|| "Public client: no secret to rotate".to_owned())
}

/// The age of each active secret, if known.
pub fn ages<'a>(client: &AppClient, view: &View<'a>) -> Vec<Property<'a>> {
    if view.store.secret_state(client).is_public() {
        return Vec::new();
    }
    match view.store.secrets(&client.pool, &client.id) {
        Load::Ready(secrets) | Load::Stale(secrets) | Load::Partial(secrets, _) => {
            let fact = |label, secret: &SecretDescriptor| age(label, secret, view);
            match SecretPair::of(secrets) {
                SecretPair::None => Vec::new(),
                SecretPair::One(one) => vec![fact("Secret age", &one)],
                SecretPair::Two { older, newer } => {
                    vec![fact("Older secret", &older), fact("Newer secret", &newer)]
                }
                SecretPair::Unordered(a, b) => vec![fact("A secret", &a), fact("A secret", &b)],
            }
        }
        Load::Failed(error) => vec![Property::new(
            "Secret age",
            format!("unknown: {}", error.kind.label()),
        )],
        Load::Missing | Load::Loading => {
            vec![Property::new(
                "Secret age",
                Line::styled("…", view.theme.dim),
            )]
        }
    }
}

fn age<'a>(label: &'static str, secret: &SecretDescriptor, view: &View) -> Property<'a> {
    let age = secret.created.map_or_else(
        || "unknown".to_owned(),
        |created| time::age(created, view.now),
    );
    let fact = Property::new(label, age);
    if format::is_old(secret.created, view) {
        fact.tone(Status::Warn)
            .note(format!("> {} days", view.session.limits.secret_days))
    } else {
        fact
    }
}

/// The Secrets Manager queries for the secret of a client.
pub fn queries(client: Option<&AppClient>, view: &View) -> Vec<Query> {
    let asks = |query: &Query| view.store.wants(query) && !view.store.is_in_flight(query);
    read_from(client).into_iter().filter(asks).collect()
}

/// The query that a managed secret's rotation is read by.
pub fn read_from(client: Option<&AppClient>) -> Option<Query> {
    client.and_then(|client| match &client.secret {
        DescribedSecret::Managed(arn) => {
            Some(Query::ManagedSecret(client.pool.clone(), arn.clone()))
        }
        DescribedSecret::Shown | DescribedSecret::Absent => None,
    })
}

/// The place and rotation of a managed secret; empty for other clients.
pub fn managed<'a>(client: &'a AppClient, view: &View<'a>) -> Vec<Property<'a>> {
    let DescribedSecret::Managed(arn) = &client.secret else {
        return Vec::new();
    };
    let mut lines = vec![Property::new("Secret ARN", arn.as_str()).middle()];
    let load = view.store.managed_secret(&client.pool, arn);
    let Some(secret) = load.value() else {
        lines.push(match load.error() {
            Some(error) => Property::new("Rotation", format!("unknown: {}", error.kind.label()))
                .note(error.hint.as_str()),
            None => Property::new("Rotation", Line::styled("…", view.theme.dim)),
        });
        return lines;
    };
    let schedule = secret.schedule.as_deref().unwrap_or("schedule unknown");
    lines.push(match secret.rotates {
        Some(true) => Property::new("Rotation", schedule),
        Some(false) => Property::new("Rotation", "off").tone(Status::Warn),
        None => Property::new("Rotation", "unknown"),
    });
    lines.push(Property::new(
        "Last rotated",
        format::when(secret.last_rotated, view.now),
    ));
    let next = secret.next_rotation.map_or_else(
        || "–".to_owned(),
        |next| {
            if next > view.now {
                format!("{} · {}", next.utc_minutes(), time::ahead(view.now, next))
            } else {
                format::when(Some(next), view.now)
            }
        },
    );
    let next = Property::new("Next rotation", next);
    lines.push(if secret.is_overdue(view.now) {
        next.tone(Status::Bad).note("overdue")
    } else {
        next
    });
    if let Some(key) = &secret.kms_key {
        lines.push(Property::new("KMS key", key.as_str()).middle());
    }
    if secret.deleted.is_some() {
        let when = format::when(secret.deleted, view.now);
        lines.push(Property::new("Deletion", when).tone(Status::Bad));
    }
    lines
}

/// The countdown of a revealed secret, for the border of its pane.
pub fn hides_in(shown: Option<(&str, i64)>) -> Option<String> {
    shown.map(|(_, seconds)| format!("secret hides in {seconds} s"))
}
