//! Words of a command line that is printed for somebody to run: nothing in them is expanded, ends a word early, or is taken for an
//! option. Names come from outside, and Cognito lets them begin with a hyphen.

/// Quotes a value for a POSIX shell, so that nothing in it is expanded.
#[must_use]
pub fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// A value as one word in the middle of a sentence: without quotes where no shell needs them.
#[must_use]
pub fn quote_word(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        quote(value)
    }
}

/// An option with its value, which may begin as an option does.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    if value.starts_with('-') {
        format!("{name}={}", quote(value))
    } else {
        format!("{name} {}", quote(value))
    }
}

/// [`option`] in the middle of a sentence.
#[must_use]
pub fn option_word(name: &str, value: &str) -> String {
    if value.starts_with('-') {
        format!("{name}={}", quote_word(value))
    } else {
        format!("{name} {}", quote_word(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_needs_it() {
        assert_eq!(quote_word("eu-west-1_AbC"), "eu-west-1_AbC");
        for (value, quoted) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("$(id)", "'$(id)'"),
            ("it's", r"'it'\''s'"),
            ("~", "'~'"),
        ] {
            assert_eq!(quote_word(value), quoted);
        }
    }

    #[test]
    fn a_value_is_never_an_option() {
        assert_eq!(option("--profile", "team prod"), "--profile 'team prod'");
        assert_eq!(option("--profile", "--debug"), "--profile='--debug'");
        assert_eq!(option_word("--pool", "-x y"), "--pool='-x y'");
        assert_eq!(option_word("--pool", "eu"), "--pool eu");
    }
}
