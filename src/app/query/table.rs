//! What a line of the table of queries becomes.

/// Each line, `Name(key: Type) => accessor: Slot`, becomes a variant of [`Query`](super::Query), the variant of
/// [`QueryResult`](super::QueryResult) with a piece of its answer, a field of [`Loads`](super::Loads) and the accessor that screens read.
/// `as` names the type by which a key is looked up.
macro_rules! queries {
    ($(
        $(#[$doc:meta])*
        $Query:ident $(($($key:ident: $Key:ty $(as $Seen:ty)?),+))? => $name:ident: $Slot:ty;
    )+) => {
        /// A question to AWS. The Store files the answer under it, so an answer can never show up under another pool.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Query {
            $($(#[$doc])* $Query $(($($Key),+))?,)+
        }

        /// A piece of an answer.
        #[derive(Clone, Debug)]
        pub enum QueryResult {
            $($Query(<$Slot as slot::Slot>::Piece),)+
        }

        /// How far the answer to each query has come.
        #[derive(Default)]
        pub struct Loads {
            $(pub(in crate::app) $name: shelf!($Slot $(, $($Key),+)?),)+
        }

        impl Loads {
            $(
                $(#[$doc])*
                pub fn $name(&self $(, $($key: &seen!($Key $(as $Seen)?)),+)?) -> &Load<<$Slot as slot::Slot>::Kept> {
                    self.$name.load($($($key),+)?)
                }
            )+

            /// How far the answer to `query` has come.
            pub fn state(&self, query: &Query) -> load::LoadState {
                match query {
                    $(Query::$Query $(($($key),+))? => self.$name($($($key),+)?).state(),)+
                }
            }

            /// What is kept of the answer to `query`.
            pub(in crate::app) fn slot(&mut self, query: &Query) -> &mut dyn load::Progress {
                match query {
                    $(Query::$Query $(($($key),+))? => self.$name.slot($($($key),+)?),)+
                }
            }

            /// Files a piece of an answer. `false` where it does not answer `query`.
            pub(in crate::app) fn file(
                &mut self,
                query: &Query,
                piece: QueryResult,
                last: bool,
                at: crate::domain::time::Timestamp,
            ) -> bool {
                match (query, piece) {
                    $((Query::$Query $(($($key),+))?, QueryResult::$Query(piece)) => {
                        slot::Slot::receive(self.$name.slot($($($key),+)?), piece, last, at);
                    })+
                    _ => return false,
                }
                true
            }
        }
    };
}

/// The type that a key is looked up by.
macro_rules! seen {
    ($Key:ty) => {
        $Key
    };
    ($Key:ty as $Seen:ty) => {
        $Seen
    };
}

/// Where the answers to a query with no key, one or two are kept.
macro_rules! shelf {
    ($Slot:ty) => { shelf::One<$Slot> };
    ($Slot:ty, $Key:ty) => { shelf::ByKey<$Key, $Slot> };
    ($Slot:ty, $Pool:ty, $Key:ty) => { shelf::ByPool<$Key, $Slot> };
}
