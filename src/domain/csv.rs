//! Comma-separated values (RFC 4180, lines ended by a line feed), of texts from outside, for spreadsheets to open.

use crate::domain::export::escape::is_hidden;

/// The fields of a line of CSV, without its end.
pub fn fields<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let fields: Vec<String> = fields.map(field).collect();
    fields.join(",")
}

/// A field of CSV. One that a spreadsheet would take for a formula is led by an apostrophe: names come from outside. Quotes hold what a
/// reader may take for the end of a field, whichever separator it goes by; what no one sees, and a terminal may obey, is written out.
fn field(text: &str) -> String {
    // The wide forms are what some spreadsheets read as the others.
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let lead = if formula { "'" } else { "" };
    let mut out = lead.to_owned();
    for c in text.chars() {
        match c {
            '\t' | '\r' | '\n' => out.push(c),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    if out.contains([',', ';', '|', '"', '\t', '\n', '\r'])
        || out.starts_with(' ')
        || out.ends_with(' ')
    {
        format!("\"{}\"", out.replace('"', "\"\""))
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_or_ends_early_or_reaches_a_terminal() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a b", "a b"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("＝1", "'＝1"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("a,b", "\"a,b\""),
            ("a;=1", "\"a;=1\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            (" a", "\" a\""),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{202e}x", "\\u{202e}x"),
        ] {
            assert_eq!(field(text), expected, "{text:?}");
        }
    }

    /// Reads one line of CSV, as RFC 4180 has it.
    fn read(line: &str) -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut chars = line.trim_end_matches('\n').chars().peekable();
        let mut quoted = false;
        while let Some(c) = chars.next() {
            let last = fields.last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    last.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                c => last.push(c),
            }
        }
        assert!(!quoted, "{line:?}");
        fields
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_one_field(texts in proptest::collection::vec("[ -~\\t\\r\\né=+@;|]{0,12}", 1..5)) {
            let line = fields(texts.iter().map(String::as_str)) + "\n";
            let fields = read(&line);
            proptest::prop_assert_eq!(fields.len(), texts.len());
            for (field, text) in fields.iter().zip(&texts) {
                proptest::prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", field);
                proptest::prop_assert_eq!(field.strip_prefix('\'').unwrap_or(field), text.strip_prefix('\'').unwrap_or(text));
            }
        }
    }
}
