//! Draws a rotation: both secrets, the six steps, notes and choices.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Rotate;
use super::choices::Choice;
use crate::app::query::load::Load;
use crate::app::screen::{Screen, View};
use crate::domain::rotation::plan::{self, PlannedStep};
use crate::domain::rotation::{
    Proof, RotationPhase, RotationProgress, SHOWN_NO_MORE, SHOWN_ONCE, SecretPair, VALUE_UNKNOWN,
};
use crate::domain::secret::SecretDescriptor;
use crate::domain::time;
use crate::screens::shared::{client_secret, format, load_states, type_to_confirm};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Property, facts, hanging, prose, spinner};
use crate::ui::text::{Cut, clean, columns, put_line};
use crate::ui::theme::Status;

const LABEL: u16 = 13;

/// The steps of a rotation.
const STEPS: [&str; 6] = [
    "Add a second secret; both work",
    "Deliver it",
    "Test it with a token (about $0.00225)",
    "Wait until all consumers use it (you can leave and come back)",
    "Delete the older secret",
    "Verify the old secret is rejected",
];

impl Rotate {
    pub(super) fn draw_all(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let name = view.store.client_name(&self.pool, &self.client);
        let title = format!("Rotate {name}");
        let mut shown = self.queries();
        shown.extend(client_secret::read_from(self.described(view)));
        let mark = load_states::mark(&shown, view);
        let right = mark.unwrap_or_else(|| "client secret".to_owned());
        let inner = Pane::titled(&title)
            .right(&right)
            .focused(true)
            .draw(frame, area, view.theme);
        let width = inner.width.saturating_sub(1);
        if let Some(client) = self.described(view).filter(|_| self.arn(view).is_some()) {
            let mut lines = client_secret::managed(client, view);
            lines.push(Property::head(""));
            let mut lines = facts(&lines, width, LABEL, view.theme);
            lines.extend(self.menu(view));
            return put_lines(frame, inner, &lines, view);
        }
        let Some((slots, doings)) = self.state(view) else {
            let load = view.store.secrets(&self.pool, &self.client);
            if let Load::Failed(error) = load {
                let lines = load_states::error_lines(error, width, view);
                return put_lines(frame, inner, &lines, view);
            }
            return load_states::draw_reading(frame, inner, "client secrets", view);
        };
        let next = RotationPhase::of(&slots, &doings);
        let mut known = slot_facts(&slots, &doings, view);
        if !view.session.demo {
            known.insert(0, Property::new("As", view.caller().to_string()));
        }
        if let (Some(last), Some((value, left))) = (known.last_mut(), self.revealed.seen(view.now))
        {
            let value = Line::styled(clean(value).into_owned(), view.theme.accent);
            *last = Property::new("Newer secret", value).note(format!("hides in {left} s"));
        }
        let known = facts(&known, width, LABEL, view.theme);
        // The plan says what is next and what is later.
        let (steps, due) = if self.plans().is_some() {
            (Vec::new(), 0)
        } else {
            steps(next, &doings, view)
        };
        let to_know = self.notes(next, &slots, &doings, width, view);
        if let Some(asking) = &mut self.asking {
            type_to_confirm::clear_if_changed(&mut asking.form, view.session);
        }
        let below = match &self.asking {
            Some(asking) => asking.form.height(inner.width, view.theme),
            None => u16::try_from(Choice::of(next).len()).unwrap_or(u16::MAX),
        };
        // The choices are never cut; the facts are.
        let room = inner.height.saturating_sub(below);
        let lines = within(usize::from(room), known, (steps, due), to_know);
        let above = columns(lines.len() + 1).min(room);
        let [top, bottom, _] = Layout::vertical([
            Constraint::Length(above),
            Constraint::Length(below),
            Constraint::Fill(1),
        ])
        .areas(inner);
        put_lines(frame, top, &lines, view);
        if let Some(asking) = &mut self.asking {
            asking.form.draw(frame, bottom, view.theme);
        } else {
            let menu = self.menu(view);
            put_lines(frame, bottom, &menu, view);
        }
    }

    fn menu(&self, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let chosen = self.chosen(view);
        let line = |choice: &Choice| {
            let (mark, style) = match (chosen == Some(*choice), self.refusal(*choice, view)) {
                (true, None) => ("▌ ", theme.selected),
                (true, Some(_)) => ("▌ ", theme.dim),
                (false, None) => ("  ", theme.text),
                (false, Some(_)) => ("  ", theme.dim),
            };
            Line::from(vec![
                Span::styled(mark, theme.accent),
                Span::styled(key(*choice), theme.key),
                Span::styled(choice.label(), style),
            ])
        };
        self.choices(view).iter().map(line).collect()
    }

    /// The plan before the first write.
    fn plans(&self) -> Option<Vec<PlannedStep>> {
        match self.asking.as_ref()?.choice {
            Choice::Add => Some(plan::adding(false, "")),
            Choice::AddOwn => Some(plan::adding(true, "")),
            _ => None,
        }
    }

    /// The current notes.
    fn notes(
        &self,
        next: RotationPhase,
        slots: &SecretPair,
        doings: &RotationProgress,
        width: u16,
        view: &View,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        if view.store.is_stepping(&self.pool, &self.client) {
            let words = format!("{} waiting for Cognito", spinner(view.spinner));
            return vec![Line::styled(words, theme.accent)];
        }
        let mut lines = Vec::new();
        if let Some(steps) = self.plans() {
            lines.extend(prose(
                "What is written, in this order:",
                width,
                theme.strong,
            ));
            for (step, place) in steps.iter().zip(1..) {
                let style = if step.later { theme.dim } else { theme.text };
                lines.extend(hanging(&step.mark(place), &step.text(), width, style));
            }
            lines.push(Line::default());
            lines.extend(prose(SHOWN_ONCE, width, theme.warn));
            return lines;
        }
        let mut say = |text: &str, style: Style| lines.extend(prose(text, width, style));
        if let Some(choice) = self.asking.as_ref().map(|asking| asking.choice) {
            match choice {
                Choice::RetireOlder => {
                    say(SHOWN_NO_MORE, theme.warn);
                    say(
                        "Programs that still use the older secret will get no tokens; Cognito can't show which do. The new secret is tested again first. Type the client's name to delete the older one.",
                        theme.warn,
                    );
                }
                Choice::RetireNewer => say(
                    "Programs that use the newer secret will get no tokens; the older one keeps working. Type the client's name to delete the newer one.",
                    theme.warn,
                ),
                _ => {}
            }
            return lines;
        }
        match next {
            RotationPhase::Nothing => {
                let state = self
                    .described(view)
                    .map(|client| view.store.secret_state(client));
                let state = state.map_or_else(|| "unknown".to_owned(), |state| state.sentence());
                say(&format!("Nothing to rotate. Secret: {state}."), theme.text);
            }
            RotationPhase::Add => say(SHOWN_ONCE, theme.warn),
            RotationPhase::Unknown => {
                say(
                    "Two secrets are active, the maximum per client.",
                    theme.text,
                );
                say(VALUE_UNKNOWN, theme.warn);
            }
            RotationPhase::Deliver if doings.delivered.is_none() && doings.perhaps_delivered => {
                say(
                    "Delivery of the new secret is unconfirmed: check it arrived, then continue. If not, quitting loses it; Cognito never returns it again.",
                    theme.warn,
                );
            }
            RotationPhase::Deliver if doings.delivered.is_none() => say(
                "Only this console has the new secret. Quitting loses it; Cognito never returns it again.",
                theme.warn,
            ),
            RotationPhase::Deliver => say("Check it arrived, then continue.", theme.text),
            RotationPhase::Prove => match &doings.proof {
                None | Some(Proof::Works) => {}
                Some(Proof::Refused) => {
                    say("The token endpoint rejects the new secret.", theme.bad);
                }
                Some(Proof::Unclear(reason)) => say(
                    &format!(
                        "No token, but this does not prove that the secret is wrong: {reason}"
                    ),
                    theme.warn,
                ),
            },
            RotationPhase::Retire => {
                say(
                    "Both secrets work. Cognito can't show which secret is in use.",
                    theme.text,
                );
                say(SHOWN_NO_MORE, theme.warn);
            }
            RotationPhase::Finished => finished(slots, doings, &mut say, view),
        }
        lines
    }
}

/// The key of a choice, or a gap of its width.
fn key(choice: Choice) -> String {
    let number = choice.number();
    number.map_or_else(|| "  ".to_owned(), |number| format!("{number} "))
}

/// Draws lines, with an ellipsis if they do not fit.
fn put_lines(frame: &mut Canvas, area: Rect, lines: &[Line], view: &View) {
    let style = view.theme.text;
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        let at = (area.x, y);
        put_line(frame.buffer_mut(), at, line, area.width, Cut::End, style);
    }
}

fn finished(
    slots: &SecretPair,
    doings: &RotationProgress,
    say: &mut impl FnMut(&str, Style),
    view: &View,
) {
    let Some(retired) = &doings.retired else {
        return;
    };
    let theme = view.theme;
    let kept = slots.all().first().map_or("", |secret| secret.id.as_str());
    say(
        &format!("Deleted {}; {kept} stays.", retired.id),
        theme.text,
    );
    match &retired.remaining {
        Some(Proof::Works) => say("✓ The new secret works.", theme.good),
        Some(Proof::Refused) => say(
            "✗ The remaining secret is rejected: add another now.",
            theme.bad,
        ),
        Some(Proof::Unclear(reason)) => say(
            &format!("New secret not tested again: {reason}"),
            theme.warn,
        ),
        None => {}
    }
    match &retired.deleted {
        Some(Proof::Refused) => say("✓ The old secret is rejected.", theme.good),
        Some(Proof::Works) => say(
            "✗ The token endpoint still accepts the old secret: test again later.",
            theme.bad,
        ),
        Some(Proof::Unclear(reason)) => say(
            &format!("Unknown whether the old secret is rejected: {reason}"),
            theme.warn,
        ),
        None => say(
            "The old secret's value is unknown, so it was not tested.",
            theme.dim,
        ),
    }
}

fn slot_facts(
    slots: &SecretPair,
    doings: &RotationProgress,
    view: &View,
) -> Vec<Property<'static>> {
    let fact = |label: &'static str, secret: &SecretDescriptor, note: String| {
        let age = secret.created.map_or_else(
            || "age unknown".to_owned(),
            |created| time::age(created, view.now),
        );
        let fact = Property::new(label, format!("{age:<9} {}", secret.id)).note(note);
        if format::is_old(secret.created, view) {
            fact.tone(Status::Warn)
        } else {
            fact
        }
    };
    let newer_note = match (&doings.delivered, doings.held) {
        (Some(words), _) => format!("delivered {words}"),
        (None, true) if doings.perhaps_delivered => "delivery unconfirmed".to_owned(),
        (None, true) => "known here, masked".to_owned(),
        (None, false) => "value unknown".to_owned(),
    };
    let empty = || Property::new("Second slot", "empty");
    match slots {
        SecretPair::None => vec![Property::new("Secret", "none")],
        SecretPair::One(one) => vec![fact("Secret", one, String::new()), empty()],
        SecretPair::Two { older, newer } => vec![
            fact("Older secret", older, String::new()),
            fact("Newer secret", newer, newer_note),
        ],
        SecretPair::Unordered(a, b) => vec![
            fact("A secret", a, String::new()),
            fact("A secret", b, "unknown which is older".to_owned()),
        ],
    }
}

/// Facts, steps and notes within a number of lines: blank lines are dropped first, then all steps but the
/// current one.
fn within(
    room: usize,
    mut known: Vec<Line<'static>>,
    (mut steps, due): (Vec<Line<'static>>, usize),
    to_know: Vec<Line<'static>>,
) -> Vec<Line<'static>> {
    let all = known.len() + steps.len() + to_know.len();
    if all + 2 <= room {
        known.push(Line::default());
        steps.push(Line::default());
    } else if all > room {
        steps = steps.into_iter().skip(due).take(1).collect();
    }
    known.extend(steps);
    known.extend(to_know);
    known
}

/// The six steps, each done, current or pending, and the current one.
fn steps(
    next: RotationPhase,
    doings: &RotationProgress,
    view: &View,
) -> (Vec<Line<'static>>, usize) {
    let theme = view.theme;
    let refused = doings.retired.as_ref().map(|retired| &retired.deleted);
    let due = match next {
        RotationPhase::Nothing | RotationPhase::Add => 0,
        RotationPhase::Unknown | RotationPhase::Deliver => 1,
        RotationPhase::Prove => 2,
        RotationPhase::Retire => 3,
        RotationPhase::Finished if refused == Some(&Some(Proof::Refused)) => 6,
        RotationPhase::Finished => 5,
    };
    let line = |(at, words): (usize, &&str)| {
        let (mark, style) = match at.cmp(&due) {
            std::cmp::Ordering::Less => ("✓", theme.good),
            std::cmp::Ordering::Equal => ("▸", theme.accent),
            std::cmp::Ordering::Greater => ("·", theme.dim),
        };
        let text = if at == due { theme.strong } else { theme.dim };
        Line::from(vec![
            Span::styled(format!("{mark} {} ", at + 1), style),
            Span::styled(words.to_string(), text),
        ])
    };
    (STEPS.iter().enumerate().map(line).collect(), due)
}
