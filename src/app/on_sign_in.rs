//! The session's identity and credentials: permissions, expiry and renewal.

use super::App;
use super::message::{Effect, Notice, Query, QueryResult, Route};
use crate::app::query::load::Load;
use crate::cognito::{Error, SignInEvent};
use crate::domain::guard::Account;
use crate::domain::identity::Source;
use crate::domain::time::Timestamp;
use crate::input::Action;

/// How long before expiry the warning is shown, in milliseconds.
const WARNING: i64 = 5 * 60 * 1_000;

/// When the credentials expire, if known, and whether the warning was shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SessionEnd {
    at: Option<Timestamp>,
    said: bool,
}

impl App {
    /// Handles a change of the credentials.
    pub(super) fn on_signing(&mut self, signing: &SignInEvent) {
        match signing {
            SignInEvent::Found(at) => {
                self.session.other_account = None;
                let later = self.end.said && *at > self.end.at;
                if let Some(at) = at.filter(|_| later) {
                    let until = at.clock();
                    self.notice = Some(Notice::good(format!("Credentials renewed until {until}")));
                }
                let said = self.end.said && *at == self.end.at;
                self.end = SessionEnd { at: *at, said };
            }
            SignInEvent::Renewed(who) => {
                self.session.other_account = None;
                if let Some(who) = who {
                    // Connecting called STS: its response answers the identity query.
                    let run = self.store.begin(&Query::Identity);
                    let data = QueryResult::Identity(who.clone());
                    self.store.file(&Query::Identity, run, data, true, self.now);
                    self.judge();
                }
                let account = who.as_ref().map(|who| who.account.as_str());
                let caller = self.session.caller(account);
                self.notice = Some(Notice::good(format!("Signed in again as {caller}")));
            }
            SignInEvent::OtherAccount { found, account } => {
                let again = self.keys.label(Action::Refresh);
                let other = &found.account;
                self.session.other_account = Some(other.clone());
                self.notice = Some(Notice::bad(format!(
                    "OTHER ACCOUNT: the credentials are now for {other} ({}), but this session uses {account}. Nothing is sent. \
                     Sign in to {account} and press {again}, or restart cognitui for {other}",
                    found.arn
                )));
            }
            SignInEvent::CodeNeeded(request) => {
                let asks = |(route, _): &(Route, _)| matches!(route, Route::MfaCode(_));
                // Each waiting call finds that out.
                if !self.stack.iter().any(asks) {
                    self.push(Route::MfaCode(request.clone()));
                }
            }
        }
    }

    /// Goes on where the code was asked for.
    pub(super) fn on_code_given(&mut self, outcome: &Result<(), Error>, out: &mut Vec<Effect>) {
        let is_open = matches!(self.stack.last(), Some((Route::MfaCode(_), _)));
        match outcome {
            Ok(()) => {
                let close = is_open.then_some(Effect::Back);
                self.apply(close.into_iter().chain([Effect::Refresh]).collect(), out);
            }
            // The dialog says it.
            Err(_) if is_open => {}
            Err(error) => self.notice = Some(Notice::bad(error.one_line())),
        }
    }

    /// What the key that logs in does.
    pub(super) fn log_in(&mut self) -> Effect {
        if let Some(sign_in) = self.session.sign_in.clone() {
            self.hide();
            return Effect::LogIn(sign_in);
        }
        let label = self.keys.label(Action::LogIn);
        let source = self.session.source;
        Effect::Notice(Notice::info(format!(
            "{label} does nothing here: it is for SSO and aws login, and the session has another source ({source})"
        )))
    }

    /// Goes on where the user was when the program was started.
    pub(super) fn on_logged_in(&mut self, outcome: &Result<(), String>, out: &mut Vec<Effect>) {
        match outcome {
            Ok(()) => {
                let again = vec![Effect::RenewCredentials, Effect::Refresh];
                self.apply(again, out);
            }
            Err(reason) => self.notice = Some(Notice::bad(format!("Not logged in: {reason}"))),
        }
    }

    /// Applies the rules of the account, if it is known.
    pub(super) fn judge(&mut self) {
        if !self.session.rules.name_accounts() {
            return;
        }
        let guard = match self.store.identity() {
            Load::Failed(error) => {
                let reason = error.one_line();
                self.session.rules.guard(Account::Unknown(&reason))
            }
            identity => {
                let who = identity.value();
                let account = who.map_or(Account::Asked, |who| Account::Known(&who.account));
                self.session.rules.guard(account)
            }
        };
        self.session.read_only = guard.read_only;
        self.session.production = guard.production;
        self.frame_it();
    }

    /// Sets the frame for the account.
    pub(super) fn frame_it(&mut self) {
        self.theme = if self.session.production {
            self.calm.alarmed()
        } else {
            self.calm
        };
    }

    /// Warns once that the credentials expire soon, unless another notice is shown.
    pub(super) fn warn_of_end(&mut self) {
        let Some(at) = self.end.at.filter(|_| !self.end.said) else {
            return;
        };
        if self.now.millis() < at.millis() - WARNING || self.notice.is_some() {
            return;
        }
        let again = self.keys.label(Action::Refresh);
        let way = if self.session.source == Source::Keys {
            "Restart cognitui with new keys in the environment".to_owned()
        } else if self.session.sign_in.is_some() {
            format!("{} logs in again", self.keys.label(Action::LogIn))
        } else {
            format!("Sign in again, then press {again}")
        };
        let verb = if self.now < at { "expire" } else { "expired" };
        let words = format!("The credentials {verb} at {}. {way}", at.clock());
        self.notice = Some(Notice::warn(words));
        self.end.said = true;
    }

    /// Returns whether the expiry warning was shown.
    pub(super) fn end_was_said(&self) -> bool {
        self.end.said
    }

    /// Returns the milliseconds until the expiry warning.
    pub(super) fn warns_in(&self, now: Timestamp) -> Option<u64> {
        let at = self.end.at.filter(|_| !self.end.said)?;
        let wait = at.millis() - WARNING - now.millis();
        u64::try_from(wait).ok().filter(|wait| *wait > 0)
    }

    /// Returns the identity query, if it failed: each refresh repeats it.
    pub(super) fn missing_identity(&self) -> Option<Query> {
        let failed = self.store.has_failed(&Query::Identity);
        failed.then_some(Query::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::{Message, TaskEvent};
    use crate::app::testing::{EmptyScreen, console};

    const END: i64 = 10_000;

    fn found(end: Option<i64>) -> Message {
        let end = end.map(Timestamp::from_seconds);
        Message::Event(Box::new(TaskEvent::SignIn(SignInEvent::Found(end))))
    }

    #[test]
    fn an_idle_console_is_woken_once_to_say_that_the_session_ends() {
        let at = Timestamp::from_seconds;
        let mut app = console(|_, _| Box::new(EmptyScreen));
        app.update(found(Some(END)), at(1));
        let wait = app.next_tick(at(1)).unwrap();
        assert_eq!(wait, 1_000 * u64::try_from(END - 300 - 1).unwrap());
        assert!(app.notice.is_none());
        app.update(Message::Tick, at(END - 300));
        let said = app.notice.take().unwrap().text;
        assert!(said.contains("02:46:40 UTC"), "{said}");
        // Shown once; then nothing changes any more.
        assert_eq!(app.next_tick(at(END - 300)), None);
        app.update(Message::Tick, at(END - 200));
        assert!(app.notice.is_none());
        app.update(found(Some(END + 3_600)), at(END - 100));
        let said = app.notice.take().unwrap().text;
        assert!(said.contains("renewed until 03:46:40"), "{said}");
        assert!(app.next_tick(at(END - 100)).is_some());
    }

    #[test]
    fn nothing_wakes_a_console_whose_credentials_do_not_end() {
        let at = Timestamp::from_seconds(1);
        let mut app = console(|_, _| Box::new(EmptyScreen));
        app.update(found(None), at);
        assert_eq!(app.next_tick(at), None);
    }
}
