//! Whether a preset's file makes sense, before anybody answers it.

use std::ops::Range;

use super::file::{self, AskTable, File};
use super::fill::{Renderer, Segment, pieces};
use super::{Answers, Preset, PresetError, Question, QuestionKind, REGION};
use crate::domain::ids::PoolId;
use crate::domain::plan::DesiredPool;

/// Reads and checks a file.
pub(super) fn parse(name: &str, path: &str, text: &str) -> Result<Preset, PresetError> {
    let file = file::read(path, text)?;
    let wrong = |span: Range<usize>, message: String| file::at(path, text, Some(span), message);
    let mut known = vec![REGION.to_owned()];
    let mut asks = Vec::new();
    for table in &file.ask {
        asks.push(ask(table, &known).map_err(|(span, message)| wrong(span, message))?);
        known.push(table.key.get_ref().clone());
    }
    for (span, template) in templates(&file) {
        keys(&template, &known).map_err(|message| wrong(span, message))?;
    }
    if let Some(pool) = &file.pool
        && pool.find.is_some() == pool.name.is_some()
    {
        let span = pool.find.as_ref().map_or(0..0, toml::Spanned::span);
        return Err(wrong(span, "[pool] has either `find` or `name`".to_owned()));
    }
    mark_those_for_the_pool(&mut asks, &file);
    let preset = Preset {
        name: name.to_owned(),
        title: file.title.clone(),
        about: file.about.clone(),
        source: file.source.clone(),
        asks,
        file,
    };
    // What is wrong whatever is answered shows with any answers.
    let answers = preset.any_answers();
    let mut filling = Renderer {
        answers: &answers,
        bad: Vec::new(),
    };
    let somewhere = preset.file.pool.is_none();
    filling.wanted(
        &preset.file,
        somewhere.then(|| DesiredPool::This(PoolId::new("any"))),
    );
    match filling.bad.into_iter().find(|bad| bad.key.is_none()) {
        Some(bad) => Err(wrong(bad.span, bad.message)),
        None => Ok(preset),
    }
}

/// Finds the questions whose answers stand in nothing but the settings of the preset's own pool, be it by way of another question's
/// default.
fn mark_those_for_the_pool(asks: &mut [Question], file: &File) {
    let elsewhere = File {
        pool: None,
        ..file.clone()
    };
    let used_in = |file: &File| {
        let templates = templates(file).into_iter();
        let mut used: Vec<String> = templates.flat_map(|(_, text)| keys_of(&text)).collect();
        // A default holds keys of earlier questions alone.
        for ask in asks.iter().rev().filter(|ask| ask.default.is_some()) {
            if used.contains(&ask.key) {
                used.extend(keys_of(ask.default.as_deref().unwrap_or_default()));
            }
        }
        used
    };
    let (anywhere, elsewhere) = (used_in(file), used_in(&elsewhere));
    for ask in asks {
        ask.for_its_pool = anywhere.contains(&ask.key) && !elsewhere.contains(&ask.key);
    }
}

fn keys_of(template: &str) -> Vec<String> {
    let pieces = pieces(template).unwrap_or_default().into_iter();
    let key = |piece: Segment| match piece {
        Segment::Key(key) => Some(key.to_owned()),
        Segment::Plain(_) => None,
    };
    pieces.filter_map(key).collect()
}

type Misplaced = (Range<usize>, String);

fn ask(table: &AskTable, known: &[String]) -> Result<Question, Misplaced> {
    let key = table.key.get_ref();
    let is_word = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_word {
        return Err((
            table.key.span(),
            format!("the key {key:?} is no word of small letters, digits and _"),
        ));
    }
    if known.contains(key) {
        return Err((table.key.span(), format!("the key {key} is taken")));
    }
    if table.kind == QuestionKind::Choice && table.choices.is_empty() {
        return Err((table.key.span(), format!("{key} has no choices")));
    }
    if !table.choices.is_empty() && table.kind != QuestionKind::Choice {
        return Err((
            table.key.span(),
            format!("{key} has choices, and its kind is not choice"),
        ));
    }
    let ask = Question {
        key: key.clone(),
        label: table.label.clone(),
        kind: table.kind,
        choices: table.choices.clone(),
        default: table.default.as_ref().map(|text| text.get_ref().clone()),
        help: table.help.clone(),
        for_its_pool: false,
    };
    if let Some(default) = &table.default {
        let has_keys =
            keys(default.get_ref(), known).map_err(|message| (default.span(), message))?;
        if !has_keys && let Err(message) = ask.check(default.get_ref()) {
            return Err((default.span(), message));
        }
    }
    Ok(ask)
}

/// Whether the template holds keys, all of which must be known.
fn keys(template: &str, known: &[String]) -> Result<bool, String> {
    let mut any = false;
    for piece in pieces(template)? {
        if let Segment::Key(key) = piece {
            if !known.iter().any(|known| known == key) {
                return Err(format!(
                    "nothing asks for {{{key}}}; there is {}",
                    known.join(", ")
                ));
            }
            any = true;
        }
    }
    Ok(any)
}

/// Every string that may hold keys, and its place.
fn templates(file: &File) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut text = |text: &file::Text| found.push((text.span(), text.get_ref().clone()));
    if let Some(pool) = &file.pool {
        pool.find.iter().for_each(&mut text);
        pool.name.iter().for_each(&mut text);
        pool.tier.iter().for_each(&mut text);
        pool.username_attributes.iter().for_each(&mut text);
        pool.tags.values().for_each(&mut text);
    }
    for server in &file.server {
        text(&server.identifier);
        text(&server.name);
        for scope in &server.scope {
            text(&scope.name);
            text(&scope.description);
        }
    }
    if let Some(client) = &file.client {
        text(&client.name);
        client.flows.iter().flatten().for_each(&mut text);
        let lists = [
            &client.scopes,
            &client.explicit_auth_flows,
            &client.identity_providers,
            &client.callback_urls,
            &client.logout_urls,
        ];
        lists.into_iter().flatten().for_each(&mut text);
        let lives = [
            &client.access_token,
            &client.id_token,
            &client.refresh_token,
        ];
        lives.into_iter().flatten().for_each(&mut text);
        client
            .prevent_user_existence_errors
            .iter()
            .for_each(&mut text);
    }
    if let Some(domain) = &file.domain {
        let names = [&domain.prefix, &domain.name, &domain.certificate_arn];
        names.into_iter().flatten().for_each(&mut text);
    }
    let pool = file.pool.iter();
    let client = file.client.iter();
    let settings = pool
        .flat_map(|pool| [&pool.admin_create_only, &pool.deletion_protection])
        .chain(client.flat_map(|client| {
            [
                &client.generate_secret,
                &client.managed_secret,
                &client.oauth_enabled,
                &client.auth_session_minutes,
                &client.token_revocation,
            ]
        }))
        .chain(
            file.domain
                .iter()
                .map(|domain| &domain.managed_login_version),
        )
        .flatten();
    found.extend(settings.map(|setting| (setting.span(), setting.get_ref().0.clone())));
    found
}

impl Preset {
    /// Answers of the right kind to everything.
    fn any_answers(&self) -> Answers {
        let mut answers = Answers::from([(REGION.to_owned(), "eu-west-1".to_owned())]);
        for ask in &self.asks {
            let answer = match (&ask.default, ask.kind) {
                (Some(default), _) => super::fill::filled(default, &answers),
                (None, QuestionKind::Text | QuestionKind::DomainPrefix) => "x".to_owned(),
                (None, QuestionKind::Life) => "1 h".to_owned(),
                (None, QuestionKind::Bool) => "yes".to_owned(),
                (None, QuestionKind::Choice) => ask.choices.first().cloned().unwrap_or_default(),
            };
            answers.insert(ask.key.clone(), answer);
        }
        answers
    }
}
