//! Checks a response while parsing it, and keeps nothing.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Need::Always;
use super::Shape::{self, EmptyOr, Id, List, Nothing, Number, Object, Text};
use super::{Member, ShapeError};

/// What is wrong with `body`, if anything is.
pub(super) fn compare(shape: &Shape, body: &[u8]) -> Result<(), ShapeError> {
    if matches!(shape, Nothing) && body.is_empty() {
        return Ok(());
    }
    let fault = RefCell::new(None);
    let look = Comparison {
        shape,
        at: &JsonPath::Answer,
        fault: &fault,
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = look.deserialize(&mut json).and_then(|()| json.end());
    match (fault.into_inner(), read) {
        (Some(fault), _) => Err(ShapeError(fault)),
        (None, Err(_)) if body.is_empty() => Err(ShapeError("the response is empty".to_owned())),
        (None, Err(_)) => Err(ShapeError("the response is not JSON".to_owned())),
        (None, Ok(())) => Ok(()),
    }
}

/// A position in a response.
enum JsonPath<'a> {
    Answer,
    Member(&'a JsonPath<'a>, &'static str),
    Entry(&'a JsonPath<'a>, usize),
}

impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer => f.write_str("the response"),
            Self::Member(Self::Answer, name) => f.write_str(name),
            Self::Member(of, name) => write!(f, "{of}.{name}"),
            Self::Entry(of, at) => write!(f, "{of}[{at}]"),
        }
    }
}

/// Checks a part of a response and keeps only the fault.
#[derive(Clone, Copy)]
struct Comparison<'a> {
    shape: &'a Shape,
    at: &'a JsonPath<'a>,
    fault: &'a RefCell<Option<String>>,
}

impl Comparison<'_> {
    fn wrong<E: de::Error>(&self, what: &str) -> E {
        *self.fault.borrow_mut() = Some(format!("{} {what}", self.at));
        E::custom("wrong shape")
    }

    /// The error of an unexpected type.
    fn other<E: de::Error>(&self) -> E {
        self.wrong(match self.shape {
            Id | Text => "is not text",
            Number => "is not a number",
            List(_) => "is not a list",
            Object(_) | EmptyOr(_) | Nothing => "is not an object",
        })
    }

    fn number<E: de::Error>(&self) -> Result<(), E> {
        match self.shape {
            Number => Ok(()),
            _ => Err(self.other()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Comparison<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Comparison<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shape)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (members, may_be_empty): (&[Member], bool) = match self.shape {
            Object(members) => (members, false),
            EmptyOr(members) => (members, true),
            Nothing => (&[], true),
            _ => return Err(self.other()),
        };
        let mut seen: Vec<&str> = Vec::new();
        let mut empty = true;
        while let Some(name) = map.next_key::<String>()? {
            empty = false;
            let Some((name, need, shape)) = members.iter().find(|(known, ..)| *known == name)
            else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let look = Comparison {
                shape,
                at: &JsonPath::Member(self.at, name),
                fault: self.fault,
            };
            if map.next_value_seed(OptionalMember(look))? {
                seen.push(name);
            } else if *need == Always {
                return Err(self.wrong(&format!("lacks {name}")));
            }
        }
        let missing = members
            .iter()
            .find(|(name, need, _)| *need == Always && !seen.contains(name));
        match missing {
            Some((name, ..)) if !(empty && may_be_empty) => {
                Err(self.wrong(&format!("lacks {name}")))
            }
            _ => Ok(()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let List(shape) = self.shape else {
            return Err(self.other());
        };
        let mut at = 0;
        loop {
            let look = Comparison {
                shape,
                at: &JsonPath::Entry(self.at, at),
                fault: self.fault,
            };
            if list.next_element_seed(look)?.is_none() {
                return Ok(());
            }
            at += 1;
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        match self.shape {
            Text => Ok(()),
            Id if !text.is_empty() => Ok(()),
            Id => Err(self.wrong("is empty")),
            _ => Err(self.other()),
        }
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.number()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.number()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.number()
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Err(self.other())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(self.wrong("is null"))
    }
}

/// A member that may be `null`, which means missing: false then.
struct OptionalMember<'a>(Comparison<'a>);

impl<'de> DeserializeSeed<'de> for OptionalMember<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for OptionalMember<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_none<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        self.0.deserialize(json).map(|()| true)
    }
}
