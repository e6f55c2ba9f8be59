//! What a rotation looks like: both slots, the six steps, what to know now, and what to do next.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Rotate;
use super::choices::Choice;
use crate::app::screen::{Screen, View};
use crate::app::store::load::Load;
use crate::domain::rotation::{
    Proof, RotationPhase, RotationProgress, SHOWN_NO_MORE, SecretPair, TOLD_ONCE, VALUE_UNKNOWN,
};
use crate::domain::secret::SecretDescriptor;
use crate::domain::time;
use crate::screens::shared::{client_secret, format, load_states, type_to_confirm};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Property, facts, prose, spinner};
use crate::ui::text::{Cut, clean, columns, put_line};
use crate::ui::theme::Status;

const LABEL: u16 = 13;

/// The steps of a rotation.
const STEPS: [&str; 6] = [
    "Add a second secret: both work from then on",
    "Hand it over",
    "Prove it with a test token (about $0.00225)",
    "Wait until every consumer has it; leave and come back as you like",
    "Retire the older secret",
    "See that the older one is refused",
];

impl Rotate {
    pub(super) fn draw_all(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let name = view.store.client_name(&self.pool, &self.client);
        let title = format!("Rotate {name}");
        let mark = load_states::mark(&self.queries(), view);
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
            return load_states::draw_reading(frame, inner, "the client's secrets", view);
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
        let (steps, due) = steps(next, &doings, view);
        let to_know = self.notes(next, &slots, &doings, width, view);
        if let Some(asking) = &mut self.asking {
            type_to_confirm::clear_if_changed(&mut asking.form, view.session);
        }
        let below = match &self.asking {
            Some(asking) => asking.form.height(inner.width, view.theme),
            None => u16::try_from(Choice::of(next).len()).unwrap_or(u16::MAX),
        };
        // What is to be done is never cut off: what is known gives way.
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
        let choices = self.choices(view);
        let at = self.at.min(choices.len().saturating_sub(1));
        let line = |(place, choice): (usize, &Choice)| {
            let (mark, style) = match (place == at, self.refusal(*choice, view)) {
                (true, None) => ("▌ ", theme.selected),
                (true, Some(_)) => ("▌ ", theme.dim),
                (false, None) => ("  ", theme.text),
                (false, Some(_)) => ("  ", theme.dim),
            };
            Line::from(vec![
                Span::styled(mark, theme.accent),
                Span::styled(format!("{} ", place + 1), theme.key),
                Span::styled(choice.label(), style),
            ])
        };
        choices.iter().enumerate().map(line).collect()
    }

    /// The sentence that matters now.
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
            let words = format!("{} asking Cognito", spinner(view.spinner));
            return vec![Line::styled(words, theme.accent)];
        }
        let mut lines = Vec::new();
        let mut say = |text: &str, style: Style| lines.extend(prose(text, width, style));
        if let Some(choice) = self.asking.as_ref().map(|asking| asking.choice) {
            match choice {
                Choice::RetireOlder => {
                    say(SHOWN_NO_MORE, theme.warn);
                    say(
                        "Programs that still use the older secret get no tokens any more, and Cognito can't show which do. The new one is proven once more first. Type the client's name to delete the older one.",
                        theme.warn,
                    );
                }
                Choice::RetireNewer => say(
                    "Whoever has switched to the newer secret gets no tokens any more; the older one goes on working. Type the client's name to delete the newer one.",
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
                let state = state.map_or_else(|| "not known".to_owned(), |state| state.sentence());
                say(&format!("Nothing to rotate. Secret: {state}."), theme.text);
            }
            RotationPhase::Add => say(TOLD_ONCE, theme.warn),
            RotationPhase::Unknown => {
                say(
                    "Two secrets are live, which is all that a client can have: no third one can be added.",
                    theme.text,
                );
                say(VALUE_UNKNOWN, theme.warn);
            }
            RotationPhase::HandOver
                if doings.handed_over.is_none() && doings.perhaps_handed_over =>
            {
                say(
                    "Whether the new secret arrived is not known: look there, and say so if it did. If it did not, quitting loses the value, and Cognito never tells it again.",
                    theme.warn,
                );
            }
            RotationPhase::HandOver if doings.handed_over.is_none() => say(
                "Only this console has the new secret: quitting it loses the value, and Cognito never tells it again.",
                theme.warn,
            ),
            RotationPhase::HandOver => say(
                "See that it is where it belongs, and say so: only then does the rotation go on.",
                theme.text,
            ),
            RotationPhase::Prove => match &doings.proof {
                None | Some(Proof::Works) => {}
                Some(Proof::Refused) => say(
                    "The token endpoint does not take the new secret.",
                    theme.bad,
                ),
                Some(Proof::Unclear(reason)) => say(
                    &format!("No token, which says nothing about the secret: {reason}"),
                    theme.warn,
                ),
            },
            RotationPhase::Retire => {
                say(
                    "Both secrets work. Cognito can't show which one a program uses.",
                    theme.text,
                );
                say(SHOWN_NO_MORE, theme.warn);
            }
            RotationPhase::Finished => finished(slots, doings, &mut say, view),
        }
        lines
    }
}

/// Lines that end with an ellipsis where there is no room for all of them.
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
        &format!("Deleted {}; {kept} remains.", retired.id),
        theme.text,
    );
    match &retired.remaining {
        Some(Proof::Works) => say("✓ The new secret gets tokens.", theme.good),
        Some(Proof::Refused) => say(
            "✗ The secret that remains gets no token: add another at once.",
            theme.bad,
        ),
        Some(Proof::Unclear(reason)) => say(
            &format!("The new secret was not tried again: {reason}"),
            theme.warn,
        ),
        None => {}
    }
    match &retired.deleted {
        Some(Proof::Refused) => say("✓ The old secret is refused.", theme.good),
        Some(Proof::Works) => say(
            "✗ The token endpoint still takes the old secret: try it again in a while.",
            theme.bad,
        ),
        Some(Proof::Unclear(reason)) => say(
            &format!("Whether the old secret is refused did not show: {reason}"),
            theme.warn,
        ),
        None => say(
            "The old secret's value is not known here, so it was not tried.",
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
            || "age not told".to_owned(),
            |created| time::age(created, view.now),
        );
        let fact = Property::new(label, format!("{age:<9} {}", secret.id)).note(note);
        if format::is_old(secret.created, view) {
            fact.tone(Status::Warn)
        } else {
            fact
        }
    };
    let newer_note = match (&doings.handed_over, doings.held) {
        (Some(words), _) => format!("handed over {words}"),
        (None, true) if doings.perhaps_handed_over => "perhaps handed over".to_owned(),
        (None, true) => "held here, masked".to_owned(),
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
            fact("A secret", b, "which is older is not told".to_owned()),
        ],
    }
}

/// What is known, the steps and what matters now, in so many lines where they can be made to fit: first the air between them gives
/// way, then the steps but for the one that is due.
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

/// The six steps, each done, due or to come, and which of them is due.
fn steps(
    next: RotationPhase,
    doings: &RotationProgress,
    view: &View,
) -> (Vec<Line<'static>>, usize) {
    let theme = view.theme;
    let refused = doings.retired.as_ref().map(|retired| &retired.deleted);
    let due = match next {
        RotationPhase::Nothing | RotationPhase::Add => 0,
        RotationPhase::Unknown | RotationPhase::HandOver => 1,
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
