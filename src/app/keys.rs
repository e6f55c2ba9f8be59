//! From a key press to its effects.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::message::{Effect, Route};
use super::screen::View;
use super::screen::rows::Press;
use super::{App, notices, view};
use crate::input::{Action, Key};

/// Returns whether a text field would take the key as text.
fn is_text(key: &KeyEvent) -> bool {
    let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    plain && matches!(key.code, KeyCode::Char(_))
}

impl App {
    pub(super) fn on_key(&mut self, key: KeyEvent, out: &mut Vec<Effect>) {
        self.notice = None;
        self.put = None;
        let effects = self.pressed(key);
        self.apply(effects, out);
    }

    fn pressed(&mut self, key: KeyEvent) -> Vec<Effect> {
        let candidates: Vec<Action> = self.keys.resolve(&key).collect();
        if candidates.contains(&Action::ForceQuit) {
            return vec![Effect::Quit];
        }
        if candidates.contains(&Action::Suspend) {
            self.hide();
            return vec![Effect::Suspend];
        }
        if candidates.contains(&Action::SaveScreen) {
            self.hide();
            return vec![Effect::SaveScreen];
        }
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        if let Some(effects) = top.on_input(&Event::Key(key), &view) {
            return effects;
        }
        let own = top.actions(&view);
        if let Some(action) = candidates
            .iter()
            .copied()
            .find(|action| own.contains(action))
        {
            let nth = self.keys.nth(&key, action);
            return self.dispatch(Press { action, nth });
        }
        let mode = top.mode();
        if mode.form && is_text(&key) && !candidates.contains(&Action::Help) {
            return vec![Effect::Notice(notices::no_text(&self.keys))];
        }
        let typing = mode.typing;
        let Some(&action) = candidates.first() else {
            let unbound = Key::of(&key).map(|key| notices::unbound(&key, typing, &self.keys));
            return unbound.map(Effect::Notice).into_iter().collect();
        };
        match action {
            Action::Help => {
                let offers = top.offers(&view).into_iter();
                let offers = offers.map(|offer| (offer.action, offer.refused));
                vec![Effect::Open(Route::Help(offers.collect()))]
            }
            Action::Back | Action::Quit if self.stack.len() > 1 => vec![Effect::Back],
            Action::Quit => vec![Effect::Quit],
            Action::Back => vec![Effect::Notice(notices::first_screen(&self.keys))],
            Action::Refresh => vec![Effect::Refresh],
            Action::Privacy => vec![self.turn_privacy()],
            Action::LogIn => vec![self.log_in()],
            Action::Paste => vec![Effect::Open(Route::PasteToken)],
            Action::History => vec![Effect::Open(Route::TokenHistory)],
            other => {
                let here = self.stack.last().map_or(&Route::Pools, |(route, _)| route);
                let notice = notices::not_here(other, here, typing, &self.keys);
                vec![Effect::Notice(notice)]
            }
        }
    }
}
