//! From what a person typed to what it means.

/// Those of `items` that `wanted` means: the one of this id, or else those of this name, or else those with this in their name. Names
/// are compared letter by letter.
pub fn meant<'a, T>(
    wanted: &str,
    items: &'a [T],
    id: impl Fn(&T) -> &str,
    name: impl Fn(&T) -> &str,
) -> Vec<&'a T> {
    let all = |fits: &dyn Fn(&T) -> bool| items.iter().filter(|item| fits(item)).collect();
    let mut found: Vec<&T> = all(&|item| id(item) == wanted);
    if found.is_empty() {
        found = all(&|item| name(item) == wanted);
    }
    if found.is_empty() {
        found = all(&|item| name(item).contains(wanted));
    }
    found
}
