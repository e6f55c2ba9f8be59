//! The parts around each screen: the top line, the key hints at the bottom, and the notice above the hints.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::{Cut, ELLIPSIS, clean, columns, put, truncate_end, width, wrap};
use super::theme::{Status, Theme};
use crate::ui::frame::Canvas;

/// Breadcrumbs are cut to this width before any is left out.
const SHORT_CRUMB: usize = 8;
/// Most lines of a notice.
const NOTICE: u16 = 3;

/// A badge at the top right: identity, account, Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge<'a> {
    text: &'a str,
    weight: Weight,
    rank: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Plain,
    Loud,
    Alarm,
}

impl<'a> Badge<'a> {
    /// Creates a plain badge. On a narrow line, badges of the highest rank are dropped first; those of rank 0 never.
    #[must_use]
    pub const fn new(text: &'a str, rank: u8) -> Self {
        Self {
            text,
            weight: Weight::Plain,
            rank,
        }
    }

    /// Creates a prominent badge, such as `DEMO`.
    #[must_use]
    pub const fn loud(text: &'a str) -> Self {
        Self {
            text,
            weight: Weight::Loud,
            rank: 0,
        }
    }

    /// Creates a warning badge, such as `PROD`.
    #[must_use]
    pub const fn alarm(text: &'a str) -> Self {
        Self {
            text,
            weight: Weight::Alarm,
            rank: 0,
        }
    }
}

/// Draws the top line: the program's name, the breadcrumb, and the badges.
pub fn top_line(
    frame: &mut Canvas,
    area: Rect,
    theme: &Theme,
    program: &str,
    crumbs: &[&str],
    badges: &[Badge<'_>],
) {
    let area = first_row(frame, area);
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width.saturating_sub(2));
    // The breadcrumb, shortened, matters more than any badge that can be dropped.
    let way: usize = crumbs
        .iter()
        .map(|crumb| width(&clean(crumb)).min(SHORT_CRUMB) + 3)
        .sum();
    let badges = badges_within(badges, room.saturating_sub(width(program) + 2 + way));
    let right = badges_width(&badges);
    let left = room.saturating_sub(if right > 0 { right + 2 } else { 0 });

    let mut x = area.x + 1;
    let end = x.saturating_add(columns(left));
    x += put(
        frame.buffer_mut(),
        (x, area.y),
        program,
        columns(left),
        Cut::End,
        theme.title.patch(theme.accent),
    );
    x += 2;
    let crumbs = crumbs_within(crumbs, usize::from(end.saturating_sub(x)));
    let count = crumbs.len();
    for (index, crumb) in crumbs.iter().enumerate() {
        let style = if index + 1 == count {
            theme.strong
        } else {
            theme.text
        };
        x += put(
            frame.buffer_mut(),
            (x, area.y),
            crumb,
            end.saturating_sub(x),
            Cut::Middle,
            style,
        );
        if index + 1 < count {
            x += put(
                frame.buffer_mut(),
                (x, area.y),
                " › ",
                end.saturating_sub(x),
                Cut::End,
                theme.dim,
            );
        }
    }

    let mut x = area
        .right()
        .saturating_sub(1)
        .saturating_sub(columns(right))
        .max(area.x);
    for (index, badge) in badges.iter().enumerate() {
        if index > 0 {
            x += put(
                frame.buffer_mut(),
                (x, area.y),
                " · ",
                area.right().saturating_sub(x),
                Cut::End,
                theme.dim,
            );
        }
        let style = match badge.weight {
            Weight::Plain => theme.text,
            Weight::Loud => theme.badge,
            Weight::Alarm => theme.badge.patch(theme.danger),
        };
        x += put(
            frame.buffer_mut(),
            (x, area.y),
            badge.text,
            area.right().saturating_sub(x),
            Cut::End,
            style,
        );
    }
}

fn badges_width(badges: &[&Badge<'_>]) -> usize {
    let texts: usize = badges.iter().map(|badge| width(&clean(badge.text))).sum();
    texts + 3 * badges.len().saturating_sub(1)
}

fn badges_within<'a, 'b>(badges: &'b [Badge<'a>], room: usize) -> Vec<&'b Badge<'a>> {
    let mut kept: Vec<&Badge> = badges
        .iter()
        .filter(|badge| !badge.text.is_empty())
        .collect();
    while badges_width(&kept) > room {
        let least = kept.iter().enumerate().filter(|(_, badge)| badge.rank > 0);
        let Some((at, _)) = least.max_by_key(|(_, badge)| badge.rank) else {
            break;
        };
        kept.remove(at);
    }
    kept
}

/// Returns the crumbs that fit. The crumbs before the last are shortened first, then dropped from the left; the last one, this
/// screen's, stays.
fn crumbs_within(crumbs: &[&str], room: usize) -> Vec<String> {
    let mut crumbs: Vec<String> = crumbs
        .iter()
        .map(|crumb| clean(crumb).into_owned())
        .collect();
    let too_wide = |crumbs: &[String]| {
        let texts: usize = crumbs.iter().map(|crumb| width(crumb)).sum();
        texts + 3 * crumbs.len().saturating_sub(1) > room
    };
    let on_the_way = crumbs.len().saturating_sub(1);
    for at in 0..on_the_way {
        if !too_wide(&crumbs) {
            break;
        }
        if let Some(crumb) = crumbs.get_mut(at) {
            *crumb = truncate_end(crumb, SHORT_CRUMB).into_owned();
        }
    }
    while too_wide(&crumbs) && crumbs.len() > 1 {
        if crumbs.len() > 2 && crumbs.first().is_some_and(|first| first == ELLIPSIS) {
            crumbs.remove(1);
        } else if crumbs.len() > 2 {
            if let Some(first) = crumbs.first_mut() {
                ELLIPSIS.clone_into(first);
            }
        } else {
            crumbs.remove(0);
        }
    }
    crumbs
}

/// Draws the key hints of the footer, given as (key, word), the most important first. Hints that do not fit are dropped from the
/// end, except the `last` of them: scrolling, back and help. If these alone do not fit, they are dropped from their start; the
/// very last one stays.
pub fn hints(frame: &mut Canvas, area: Rect, theme: &Theme, hints: &[(&str, &str)], last: usize) {
    let area = first_row(frame, area);
    let wide = |(key, word): &(&str, &str)| width(&clean(key)) + 1 + width(&clean(word)) + 3;
    let mut kept: Vec<(&str, &str)> = hints
        .iter()
        .copied()
        .filter(|(key, _)| !key.is_empty())
        .collect();
    // Each hint has a separator; the last separator covers the two ends of the line.
    while kept.len() > 1 && kept.iter().map(wide).sum::<usize>() > usize::from(area.width) + 1 {
        kept.remove(kept.len().saturating_sub(last + 1));
    }
    let end = area.right().saturating_sub(1);
    let mut x = area.x.saturating_add(1);
    for (index, (key, word)) in kept.iter().enumerate() {
        let parts: [(&str, Style); 4] = [
            (if index > 0 { " · " } else { "" }, theme.dim),
            (key, theme.key),
            (" ", theme.text),
            (word, theme.dim),
        ];
        for (part, style) in parts {
            x += put(
                frame.buffer_mut(),
                (x, area.y),
                part,
                end.saturating_sub(x),
                Cut::End,
                style,
            );
        }
    }
}

/// Returns the lines of a notice (a result, or why a key does nothing here) for `width` columns on a screen of `height` lines: up
/// to three, and at most a third of the screen.
#[must_use]
pub fn notice_lines(width: u16, height: u16, tone: Status, text: &str) -> Vec<String> {
    let shown = format!("{}{text}", tone.sign());
    let room = usize::from(width.saturating_sub(2));
    let most = usize::from((height / 3).clamp(1, NOTICE));
    let mut lines = wrap(&clean(&shown), room);
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(truncate_end(&rest, room).into_owned());
    }
    lines
}

/// Draws the lines of a notice from the top of `area`.
pub fn notice(frame: &mut Canvas, area: Rect, theme: &Theme, tone: Status, lines: &[String]) {
    let area = area.intersection(frame.area());
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        put(
            frame.buffer_mut(),
            (area.x.saturating_add(1), y),
            line,
            area.width.saturating_sub(2),
            Cut::End,
            theme.tone(tone),
        );
    }
}

/// Draws a countdown at the right end of the last line.
pub fn countdown(frame: &mut Canvas, area: Rect, theme: &Theme, text: &str) {
    let area = area.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let taken = columns(width(&clean(text))).min(area.width);
    let x = area.right().saturating_sub(taken.saturating_add(1));
    put(
        frame.buffer_mut(),
        (x.max(area.x), area.bottom() - 1),
        text,
        taken,
        Cut::End,
        theme.warn,
    );
}

/// Returns the columns that a countdown takes at the bottom.
#[must_use]
pub fn countdown_width(text: &str) -> u16 {
    columns(width(&clean(text))).saturating_add(2)
}

fn first_row(frame: &Canvas, area: Rect) -> Rect {
    let area = area.intersection(frame.area());
    Rect {
        height: area.height.min(1),
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::text;

    fn top(width: u16, crumbs: &[&str]) -> String {
        let badges = [
            Badge::new("team-prod", 1),
            Badge::new("123456789012", 2),
            Badge::loud("DEMO"),
        ];
        text(width, 1, |frame| {
            top_line(
                frame,
                frame.area(),
                &Theme::colour(),
                "cognitui",
                crumbs,
                &badges,
            );
        })
    }

    #[test]
    fn the_top_line_says_where_one_is_however_narrow() {
        let way = ["pools", "team06dbb7fc_userpool", "app clients"];
        for (width, expected) in [
            (
                90,
                " cognitui  pools › team06dbb7fc_userpool › app clients    team-prod · 123456789012 · DEMO ",
            ),
            (
                78,
                " cognitui  pools › team06d… › app clients     team-prod · 123456789012 · DEMO ",
            ),
            (
                62,
                " cognitui  pools › team06d… › app clients    team-prod · DEMO ",
            ),
            (42, " cognitui  … › app clients           DEMO "),
            (24, " cognitui  app…ts  DEMO "),
        ] {
            let shown = top(width, &way);
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn hints_drop_out_from_the_end_but_never_the_way_back_and_the_help() {
        let all = [
            ("enter", "open"),
            ("n", "new client"),
            ("", "unbound"),
            ("esc", "back"),
            ("?", "help"),
        ];
        let draw = |width| {
            text(width, 1, |frame| {
                hints(frame, frame.area(), &Theme::colour(), &all, 2);
            })
        };
        assert_eq!(draw(47), " enter open · n new client · esc back · ? help ");
        assert_eq!(draw(46), " enter open · esc back · ? help               ");
        assert_eq!(draw(20), " esc back · ? help  ");
        assert_eq!(draw(12), " ? help     ");
        assert_eq!(draw(5), " ? … ");
        let three = text(20, 1, |frame| {
            let all = [("j k", "scroll"), ("esc", "back"), ("?", "help")];
            hints(frame, frame.area(), &Theme::colour(), &all, 3);
        });
        assert_eq!(three, " esc back · ? help  ");
    }

    #[test]
    fn a_notice_carries_its_tone_as_a_sign() {
        let draw = |tone| {
            text(12, 1, |frame| {
                let lines = notice_lines(12, 1, tone, "copied\n");
                notice(frame, frame.area(), &Theme::monochrome(), tone, &lines);
            })
        };
        assert_eq!(draw(Status::Good), " ✓ copied␊  ");
        assert_eq!(draw(Status::Plain), " copied␊    ");
    }

    #[test]
    fn a_notice_that_is_too_long_for_a_line_takes_more() {
        let words = "the new secret was not delivered: press again to leave";
        let lines = |height| notice_lines(24, height, Status::Warn, words);
        assert_eq!(
            lines(9),
            [
                "! the new secret was",
                "not delivered: press",
                "again to leave"
            ]
        );
        // On a very low screen the other parts need the lines.
        assert_eq!(lines(5), ["! the new secret was …"]);
        assert_eq!(lines(0), ["! the new secret was …"]);
    }
}
