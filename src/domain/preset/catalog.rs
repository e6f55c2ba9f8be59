//! All presets: those that come with the program, and the user's own.

use super::{Preset, PresetError};

/// The presets that come with the program, by name.
const BUILT_IN: [(&str, &str); 6] = [
    ("team", include_str!("../../../assets/presets/team.toml")),
    (
        "read-write",
        include_str!("../../../assets/presets/read-write.toml"),
    ),
    (
        "m2m-client",
        include_str!("../../../assets/presets/m2m-client.toml"),
    ),
    (
        "api-gateway",
        include_str!("../../../assets/presets/api-gateway.toml"),
    ),
    ("plain", include_str!("../../../assets/presets/plain.toml")),
    (
        "no-domain",
        include_str!("../../../assets/presets/no-domain.toml"),
    ),
];
/// Other names of presets that come with the program.
const ALIASES: [(&str, &str); 1] = [("machine-auth", "team")];

/// A file of the user's own presets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFile {
    /// Its name without `.toml`.
    pub name: String,
    /// What errors call it.
    pub path: String,
    pub text: String,
}

/// All presets, each under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresetCatalog {
    presets: Vec<(String, Result<Preset, PresetError>)>,
    /// The names of the user's.
    own: Vec<String>,
}

/// Why there is no preset of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresetLookupError {
    Unknown,
    Broken(PresetError),
}

impl PresetCatalog {
    /// The program's presets and the user's. A user's preset takes the place of the program's of the same name.
    #[must_use]
    pub fn new(files: &[UserFile]) -> Self {
        let mut presets: Vec<_> = BUILT_IN
            .iter()
            .map(|(name, text)| {
                let path = format!("{name}.toml");
                ((*name).to_owned(), Preset::parse(name, &path, text))
            })
            .collect();
        for file in files {
            let read = Preset::parse(&file.name, &file.path, &file.text);
            match presets.iter_mut().find(|(name, _)| *name == file.name) {
                Some((_, preset)) => *preset = read,
                None => presets.push((file.name.clone(), read)),
            }
        }
        let own = files.iter().map(|file| file.name.clone()).collect();
        Self { presets, own }
    }

    /// The presets that can be used, the program's first.
    pub fn presets(&self) -> impl Iterator<Item = &Preset> {
        self.presets
            .iter()
            .filter_map(|(_, read)| read.as_ref().ok())
    }

    /// Whether the preset of this name is the user's.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    /// What is wrong with those that can't.
    pub fn errors(&self) -> impl Iterator<Item = &PresetError> {
        self.presets
            .iter()
            .filter_map(|(_, read)| read.as_ref().err())
    }

    /// The preset of this name; `machine-auth` is `team`.
    ///
    /// # Errors
    /// There is none, or its file is not right.
    pub fn get(&self, name: &str) -> Result<&Preset, PresetLookupError> {
        let find = |name: &str| self.presets.iter().find(|(known, _)| known == name);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let found = find(name).or_else(|| alias.and_then(|(_, name)| find(name)));
        match found {
            None => Err(PresetLookupError::Unknown),
            Some((_, Ok(preset))) => Ok(preset),
            Some((_, Err(error))) => Err(PresetLookupError::Broken(error.clone())),
        }
    }
}
