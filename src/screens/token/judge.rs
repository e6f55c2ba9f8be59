//! The verdict on a token of this session by all that the store has read, and its first lines, for all screens that show one.

use ratatui::text::Line;

use crate::app::message::{PlanRequest, Query, Route};
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::app::store::tokens::SessionToken;
use crate::cognito::ErrorKind;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token_checks::{
    self, Evidence, Lookup, Proof, Remedy, TokenContext, Topic, Validity, Verdict,
};
use crate::input::Action;
use crate::ui::properties::{Property, facts, prose, spinner};
use crate::ui::text::truncate_middle;
use crate::ui::theme::Status;

/// Width of the labels.
const LABEL: u16 = 11;
/// The key's id is as long as a line, and its ends tell it from others.
const KID: usize = 11;

/// Its pool and client in this account; nothing where it names another Region.
pub fn home(held: &SessionToken, view: &View) -> Option<(PoolId, Option<ClientId>)> {
    let pool = held.pool(&view.session.issuers()).filter(|pool| {
        let regions = pool.region().zip(view.session.region.as_deref());
        // What was requested here is here.
        held.request().is_some() || regions.is_none_or(|(theirs, ours)| theirs == ours)
    })?;
    Some((pool, held.client()))
}

/// What the verdict on a token of this pool and client needs.
pub fn queries(pool: Option<&PoolId>, client: Option<&ClientId>) -> Vec<Query> {
    let Some(pool) = pool else {
        return Vec::new();
    };
    let mut needs = vec![Query::Pool(pool.clone())];
    if let Some(client) = client {
        needs.push(Query::Client(pool.clone(), client.clone()));
        needs.push(Query::ResourceServers(pool.clone()));
    }
    needs
}

/// The verdict.
pub fn verdict(held: &SessionToken, view: &View) -> Verdict {
    let store = view.store;
    let home = home(held, view);
    let pool = home.as_ref().map(|(pool, _)| pool);
    let client = home.as_ref().and_then(|(_, client)| client.as_ref());
    let around = TokenContext {
        rules: view.session.issuers(),
        pool: pool.map_or(Lookup::NotAsked, |pool| lookup(store.pool(pool))),
        client: pool.zip(client).map_or(Lookup::NotAsked, |(pool, client)| {
            lookup(store.client(pool, client))
        }),
        servers: pool.and_then(|pool| store.servers(pool).complete().ok()),
        requested: held.request().map(|request| request.scopes.as_slice()),
        verification: held.verification.as_ref(),
        signature: held.signature,
        is_decoded: held.decoded,
        ..TokenContext::default()
    };
    token_checks::verdict(&held.jwt, &around, view.now)
}

fn lookup<T>(load: &Load<T>) -> Lookup<'_, T> {
    match (load.value(), load.error()) {
        (Some(value), _) => Lookup::Here(value),
        (None, Some(error)) if error.kind == ErrorKind::NotFound => Lookup::NotHere,
        (None, Some(error)) => Lookup::Failed(error.one_line()),
        (None, None) => Lookup::NotAsked,
    }
}

/// Where the key that takes the verdict's remedy leads; `None` where there is none, or its plan cannot be made yet.
pub fn remedy_route(held: &SessionToken, verdict: &Verdict, view: &View) -> Option<Route> {
    let remedy = verdict.remedy.as_ref()?;
    let (pool, client) = home(held, view)?;
    let client = client?;
    match remedy {
        Remedy::ChooseScopes => Some(Route::EditClient(pool, client)),
        Remedy::NewToken => Some(Route::Token(pool, client)),
        Remedy::Doctor => Some(Route::Doctor(pool, Some(client))),
        Remedy::Allow(_) | Remedy::Define(_) => {
            let store = view.store;
            let plan = remedy.plan(
                store.pool(&pool).value()?,
                store.client(&pool, &client).value()?,
                store.servers(&pool).complete().ok()?,
            )?;
            Some(Route::Plan(PlanRequest { plan }))
        }
    }
}

/// The answer, with what follows it.
fn head(
    held: &SessionToken,
    verdict: &Verdict,
    way: &str,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let tone = match verdict.standing {
        Validity::Refused => Status::Bad,
        // It is good for something, but not for all that its user may think.
        _ if verdict.troubles.iter().any(|one| one.remedy.is_some()) => Status::Warn,
        Validity::Valid => Status::Good,
        Validity::Unchecked => Status::Warn,
    };
    let checking = held.verification.is_none() && verdict.standing == Validity::Unchecked;
    let words = if checking && verdict.remedy.is_none() {
        format!("{} checking its signature", spinner(view.spinner))
    } else {
        format!("{}{}{way}", tone.sign(), verdict.answer)
    };
    let mut lines = prose(&words, width, theme.tone(tone).patch(theme.strong));
    lines.push(Line::default());
    lines
}

/// The verdict in short, for the screen that requested the token: the answer, the signature, the issuer.
pub fn in_short(
    held: &SessionToken,
    verdict: &Verdict,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let mut lines = head(held, verdict, "", width, view);
    let about = [Topic::Signature, Topic::Issuer];
    lines.extend(evidence(held, verdict, &about, Vec::new(), width, view));
    lines
}

/// The whole verdict: the answer with the key of its remedy, the troubles, what it rests on, and `more` below that.
pub fn whole(
    held: &SessionToken,
    verdict: &Verdict,
    more: Vec<Property<'static>>,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let key = view.keys.label(Action::Fix);
    let way = verdict
        .remedy
        .as_ref()
        .filter(|_| !key.is_empty())
        .map(|remedy| format!(" · {key} {}", remedy.words()))
        .unwrap_or_default();
    let mut lines = head(held, verdict, &way, width, view);
    for trouble in &verdict.troubles {
        let tone = if trouble.refuses {
            Status::Bad
        } else {
            Status::Warn
        };
        // A single trouble is the answer itself.
        if verdict.troubles.len() > 1 {
            let title = format!("{}{}", tone.sign(), trouble.title);
            lines.extend(prose(&title, width, theme.tone(tone)));
        }
        let seen = format!("evidence: {}", trouble.seen);
        lines.extend(prose(&seen, width, theme.dim));
        lines.extend(prose(&format!("→ {}", trouble.fix), width, theme.text));
        lines.push(Line::default());
    }
    let about = [
        Topic::Signature,
        Topic::Issuer,
        Topic::Sort,
        Topic::Pool,
        Topic::Client,
        Topic::Scopes,
    ];
    // The request's own table has them.
    let about = match held.request() {
        Some(_) => about.get(..5).unwrap_or_default(),
        None => &about,
    };
    lines.extend(evidence(held, verdict, about, more, width, view));
    lines
}

fn evidence(
    held: &SessionToken,
    verdict: &Verdict,
    about: &[Topic],
    more: Vec<Property<'static>>,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let checking = held.verification.is_none();
    let mut last = None;
    let mut rows = Vec::new();
    // How long it is good the gauge shows.
    let shown = verdict.evidence.iter();
    for one in shown.filter(|one| about.contains(&one.about)) {
        let row = if one.about == Topic::Signature && checking {
            let words = format!("{} checking", spinner(view.spinner));
            Property::new(one.about.label(), words)
        } else {
            row(one)
        };
        let repeated = last == Some(one.about);
        rows.push(row.label(if repeated { "" } else { one.about.label() }));
        last = Some(one.about);
    }
    rows.extend(more);
    facts(&rows, width, LABEL, view.theme)
}

fn row(one: &Evidence) -> Property<'static> {
    let tone = match one.proof {
        Proof::Good => Status::Good,
        Proof::Bad => Status::Bad,
        Proof::Likely => Status::Plain,
        Proof::Unknown => Status::Warn,
    };
    let words = match one.about {
        Topic::Signature => short_kid(&one.seen),
        _ => one.seen.clone(),
    };
    // What is not known says so itself.
    let note = match one.proof {
        Proof::Good | Proof::Bad | Proof::Unknown => "",
        Proof::Likely => one.proof.label(),
    };
    Property::new(one.about.label(), words)
        .tone(tone)
        .note(note)
}

fn short_kid(seen: &str) -> String {
    let words = seen.split(' ').map(|word| {
        if word.len() > 3 * KID {
            truncate_middle(word, KID).into_owned()
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
