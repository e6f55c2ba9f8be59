//! The frame around the screens: breadcrumb and identity on top, key hints or a notice at the bottom.

use ratatui::layout::Rect;

use super::screen::{Screen, View};
use super::{App, view};
use crate::input::{Action, types};
use crate::ui::chrome::{self, Badge};
use crate::ui::frame::Canvas;
use crate::ui::properties::spinner;
use crate::ui::text::columns;
use crate::ui::theme::Status;

impl App {
    /// Draws everything as it is now. Nothing is waited for.
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
            // Where the calls go is never left out: an emulator must not pass for the real account.
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

    /// The screens' words. A screen that can be reached from two places names what it is about; where the screen below has just
    /// named that, it is not said twice. What is in a pool is reached from elsewhere, too, as from a token: then the pool is named.
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

    /// What the bottom says in the place of the key hints, and how.
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

    fn draw_bottom(&self, frame: &mut Canvas, area: Rect, said: Option<(Status, Vec<String>)>) {
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
    fn hints(&self) -> (Vec<(String, &str)>, usize) {
        let view = view!(self);
        let Some((_, top)) = self.stack.last() else {
            return (Vec::new(), 0);
        };
        let key = |action| self.keys.label(action).to_owned();
        let leave = if self.stack.len() > 1 || top.is_typing() {
            Action::Back
        } else {
            Action::Quit
        };
        let mut hints: Vec<(String, &str)> = top
            .actions()
            .iter()
            .filter(|action| shown_in_footer(**action) && **action != leave)
            .filter(|action| self.session.disabled_reason(**action).is_none())
            .filter(|action| top.disabled_reason(**action, &view).is_none())
            .map(|action| (key(*action), top.label(*action)))
            .collect();
        let mut last = Vec::new();
        let scroll = scroll_hints(top.as_ref());
        let keys: Vec<String> = scroll.iter().map(|action| key(*action)).collect();
        // Where letters are text, these keys may be.
        let are_text = top.is_typing() && keys.iter().any(|key| types(key));
        if !scroll.is_empty() && !are_text {
            let hint = (keys.join(" ").trim().to_owned(), "scroll");
            // These two a scrollbar hints at as well.
            if scroll == [Action::Down, Action::Up] {
                hints.push(hint);
            } else {
                last.push(hint);
            }
        }
        // Going back may close a part of the screen instead of leaving it: the hint says so.
        if leave != Action::Back && top.label(Action::Back) != Action::Back.word() {
            hints.push((key(Action::Back), top.label(Action::Back)));
        }
        last.push((key(leave), top.label(leave)));
        last.push((key(Action::Help), top.label(Action::Help)));
        last.retain(|(key, _)| !key.is_empty());
        if top.is_typing() {
            hints.retain(|(key, _)| !types(key));
            last.retain(|(key, _)| !types(key));
        }
        let kept = last.len();
        hints.extend(last);
        (hints, kept)
    }
}

/// The keys that move a text which does not fit.
fn scroll_hints(screen: &dyn Screen) -> Vec<Action> {
    match (screen.scroll_keys(), screen.side_scroll_keys()) {
        (Some([down, up]), Some([left, right])) => vec![left, down, up, right],
        (Some(keys), None) | (None, Some(keys)) => keys.to_vec(),
        (None, None) => Vec::new(),
    }
}

fn shown_in_footer(action: Action) -> bool {
    action.tab().is_none()
        && !matches!(
            action,
            Action::Down
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

/// The top line, the screen, the bottom lines, as many as there is to say, so that they cover nothing; in a terminal of hardly any
/// height the screen comes first.
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
