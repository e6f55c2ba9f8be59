//! The macro behind the table of queries.

/// Turns each line, `Name(key: Type) => accessor: Slot`, into a variant of [`Query`](super::Query), a variant of
/// [`QueryResult`](super::QueryResult) with a piece of its answer, a field of [`Loads`](super::Loads), and the accessor that
/// screens use. `as` names the type that looks up a key.
macro_rules! queries {
    ($(
        $(#[$doc:meta])*
        $Query:ident $(($($key:ident: $Key:ty $(as $Seen:ty)?),+))? => $name:ident: $Slot:ty;
    )+) => {
        /// A query to AWS. The Store keeps the answer under it, so that an answer never appears under another pool.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Query {
            $($(#[$doc])* $Query $(($($Key),+))?,)+
        }

        /// A piece of an answer.
        #[derive(Clone, Debug)]
        pub enum QueryResult {
            $($Query(<$Slot as slot::Slot>::Piece),)+
        }

        /// The loading state and the answer of each query.
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

            /// Returns the loading state of `query`.
            pub fn state(&self, query: &Query) -> load::LoadState {
                match query {
                    $(Query::$Query $(($($key),+))? => self.$name($($($key),+)?).state(),)+
                }
            }

            /// Returns the slot of `query`.
            pub(in crate::app) fn slot(&mut self, query: &Query) -> &mut dyn load::Progress {
                match query {
                    $(Query::$Query $(($($key),+))? => self.$name.slot($($($key),+)?),)+
                }
            }

            /// Stores a piece of an answer; `false` if it does not answer `query`.
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

/// The type that looks up a key.
macro_rules! seen {
    ($Key:ty) => {
        $Key
    };
    ($Key:ty as $Seen:ty) => {
        $Seen
    };
}

/// The store of the answers to a query with no key, one or two.
macro_rules! shelf {
    ($Slot:ty) => { shelf::One<$Slot> };
    ($Slot:ty, $Key:ty) => { shelf::ByKey<$Key, $Slot> };
    ($Slot:ty, $Pool:ty, $Key:ty) => { shelf::ByPool<$Key, $Slot> };
}
