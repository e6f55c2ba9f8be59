//! The frame around the screens: breadcrumb and badges at the top, key hints or a notice at the bottom.

use ratatui::layout::Rect;

use super::screen::View;
use super::screen::rows::Offer;
use super::{App, view};
use crate::input::{Action, types};
use crate::ui::chrome::{self, Badge};
use crate::ui::frame::Canvas;
use crate::ui::properties::spinner;
use crate::ui::text::columns;
use crate::ui::theme::Status;

impl App {
    /// Draws the current state, without waiting for anything.
    pub(super) fn draw_screens(&mut self, frame: &mut Canvas) {
        let area = frame.area();
        if area.is_empty() {
            return;
        }
        let said = self.status_line(area);
        let (top, body, bottom) = rows(area, said.as_ref().map_or(1, |(_, lines)| lines.len()));
        let from = self.whole();
        let view = view!(self);
        for (_, screen) in self.stack.iter_mut().skip(from) {
            screen.draw(frame, body, &view);
        }
        self.draw_top(frame, top);
        self.draw_bottom(frame, bottom, said);
    }

    fn draw_top(&self, frame: &mut Canvas, area: Rect) {
        let view = view!(self);
        let titles = self.breadcrumb(&view);
        let crumbs: Vec<&str> = titles.iter().map(String::as_str).collect();
        let session = &self.session;
        let identity = self.store.identity().value();
        let (words, other);
        let mut badges = Vec::new();
        if let Some(account) = &session.other_account {
            other = format!("OTHER ACCOUNT {account}");
            badges.push(Badge::alarm(&other));
        }
        if session.production {
            badges.push(Badge::alarm("PROD"));
        }
        if session.read_only.is_some() {
            badges.push(Badge::loud("READ-ONLY"));
        }
        if session.demo {
            badges.push(Badge::loud("DEMO"));
        } else {
            // The endpoint is never left out: an emulator must not look like the real account.
            let word = |word: &Option<String>| word.clone().unwrap_or_default();
            let (profile, region, endpoint) = (
                word(&session.profile),
                word(&session.region),
                word(&session.endpoint),
            );
            let elsewhere = !endpoint.is_empty();
            words = [
                profile,
                identity.map_or_else(String::new, |who| who.account.clone()),
                region,
                endpoint,
                session.source.to_string(),
            ];
            let ranks = if elsewhere {
                [3, 2, 1, 0, 4]
            } else {
                [2, 1, 0, 0, 4]
            };
            badges.extend(
                words
                    .iter()
                    .zip(ranks)
                    .map(|(word, rank)| Badge::new(word, rank)),
            );
        }
        chrome::top_line(frame, area, &self.theme, "cognitui", &crumbs, &badges);
    }

    /// Returns the titles of the screens. A screen that can be reached from two places names its subject, unless the screen below
    /// has just named it. Screens of a pool that are reached from elsewhere, such as from a token, name the pool.
    fn breadcrumb(&self, view: &View) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut named = None;
        for (route, screen) in &self.stack {
            let title = screen.title(view);
            if let Some(pool) = route.pool().filter(|pool| named != Some(*pool)) {
                named = Some(pool);
                let name = self.store.pool_name(pool);
                if !title.starts_with(&name) {
                    words.push(name);
                }
            }
            let said = words
                .last()
                .and_then(|below| title.strip_prefix(below.as_str())?.strip_prefix(" › "));
            words.push(said.unwrap_or(&title).to_owned());
        }
        words
    }

    /// Returns the notice that replaces the key hints, if any.
    fn status_line(&self, screen: Rect) -> Option<(Status, Vec<String>)> {
        let countdown = self.clipboard_countdown();
        let taken = countdown.map_or(0, |text| chrome::countdown_width(&text));
        let width = screen.width.saturating_sub(taken);
        let lines = |tone, text: &str| {
            let lines = chrome::notice_lines(width, screen.height, tone, text);
            (tone, lines)
        };
        if let Some(notice) = &self.notice {
            return Some(lines(notice.tone, &notice.text));
        }
        if let Some(awaited) = self.awaited() {
            let text = format!("{} {awaited}", spinner(self.spinner));
            return Some(lines(Status::Plain, &text));
        }
        if let Some(operation) = &self.throttled {
            let text = format!("{operation}: throttled by AWS, retrying");
            return Some(lines(Status::Warn, &text));
        }
        let written = self.unconfirmed_change();
        written.map(|text| lines(Status::Plain, &text))
    }

    fn draw_bottom(&mut self, frame: &mut Canvas, area: Rect, said: Option<(Status, Vec<String>)>) {
        let mut area = area;
        if let Some(countdown) = self.clipboard_countdown() {
            chrome::countdown(frame, area, &self.theme, &countdown);
            let taken = chrome::countdown_width(&countdown);
            area.width = area.width.saturating_sub(taken);
        }
        if let Some((tone, lines)) = said {
            return chrome::notice(frame, area, &self.theme, tone, &lines);
        }
        let (hints, last) = self.hints();
        let hints: Vec<(&str, &str)> = hints
            .iter()
            .map(|(key, word)| (key.as_str(), *word))
            .collect();
        chrome::hints(frame, area, &self.theme, &hints, last);
    }

    /// The keys of the screen on top that can be pressed now, and how many of them, from the end, are left out last: the
    /// way to what does not fit, the way back and the way to the help. Moving from row to row needs no hint.
    fn hints(&mut self) -> (Vec<(String, &'static str)>, usize) {
        let view = view!(self);
        let depth = self.stack.len();
        let Some((_, top)) = self.stack.last_mut() else {
            return (Vec::new(), 0);
        };
        let typing = top.mode().typing;
        let offers = top.offers(&view);
        let key = |action| self.keys.label(action).to_owned();
        let label = |action: Action| {
            let own = offers.iter().find(|offer| offer.action == action);
            own.map_or(action.word(), |own| own.label)
        };
        let leave = if depth > 1 || typing {
            Action::Back
        } else {
            Action::Quit
        };
        let mut hints: Vec<(String, &str)> = offers
            .iter()
            .filter(|offer| shown_in_footer(offer.action) && offer.action != leave)
            .filter(|offer| self.session.disabled_reason(offer.action).is_none())
            .filter(|offer| offer.refused.is_none())
            .map(|offer| (key(offer.action), offer.label))
            .collect();
        let mut last = Vec::new();
        let scroll = scroll_hints(&offers);
        let keys: Vec<String> = scroll.iter().map(|action| key(*action)).collect();
        // Where letters are text, these keys may be.
        let are_text = typing && keys.iter().any(|key| types(key));
        if !scroll.is_empty() && !are_text {
            let hint = (keys.join(" ").trim().to_owned(), "scroll");
            // These two a scrollbar hints at as well.
            if scroll == [Action::Down, Action::Up] {
                hints.push(hint);
            } else {
                last.push(hint);
            }
        }
        last.push((key(leave), label(leave)));
        last.push((key(Action::Help), label(Action::Help)));
        last.retain(|(key, _)| !key.is_empty());
        if typing {
            hints.retain(|(key, _)| !types(key));
            last.retain(|(key, _)| !types(key));
        }
        let kept = last.len();
        hints.extend(last);
        (hints, kept)
    }
}

/// The keys that move a text which does not fit, as they are on a keyboard.
fn scroll_hints(offers: &[Offer]) -> Vec<Action> {
    use Action::{Down, Left, PageDown, PageUp, Right, ScrollDown, ScrollUp, Up};
    let scrolls = |action: &Action| {
        let mut scroll = offers.iter().filter(|offer| offer.scrolls);
        scroll.any(|offer| offer.action == *action)
    };
    let keys = [
        Left, Down, ScrollDown, PageDown, Up, ScrollUp, PageUp, Right,
    ];
    keys.into_iter().filter(scrolls).collect()
}

fn shown_in_footer(action: Action) -> bool {
    !matches!(
        action,
        Action::Tab
            | Action::Down
            | Action::Up
            | Action::First
            | Action::Last
            | Action::PageDown
            | Action::PageUp
            | Action::Left
            | Action::Right
            | Action::ScrollDown
            | Action::ScrollUp
            | Action::PrevTab
            | Action::PrevField
            | Action::Help
            | Action::Quit
    )
}

/// Splits the area into the top line, the screen, and as many bottom lines as the text needs, so that they cover nothing; on a
/// very low terminal the screen comes first.
fn rows(area: Rect, said: usize) -> (Rect, Rect, Rect) {
    let row = |y: u16, height: u16| Rect {
        y: area.y + y,
        height,
        ..area
    };
    match area.height {
        0..=2 => (row(0, 0), area, row(0, 0)),
        height => {
            let bottom = columns(said).clamp(1, height - 2);
            (
                row(0, 1),
                row(1, height - 1 - bottom),
                row(height - bottom, bottom),
            )
        }
    }
}
