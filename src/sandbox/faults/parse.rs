//! Parses a list of faults.

use std::str::FromStr;
use std::time::Duration;

use super::super::{appsync, ops, secrets_manager};
use super::{Action, Fault, Faults, MANAGED_ROTATION};

/// An error in the text of a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error(
        "`{0}` is not a fault; known are latency=DURATION, throttle, 500, 503, cut, truncate, html, hollow, expired, unrecognized, access-denied and kms-denied"
    )]
    Unknown(String),
    #[error(
        "`{0}` is not an operation; write the API's name for it (ListUserPools), or token, register, jwks or api"
    )]
    Operation(String),
    #[error("`{0}` is not a duration; write it like 250ms or 2s")]
    Duration(String),
    #[error("`{0}` is not a number of requests; write a whole number from 1")]
    Number(String),
    #[error("`{fault}` never meets `{operation}`")]
    Unmet { fault: String, operation: String },
}

/// What is answered outside the table of operations.
const BESIDE_THE_TABLE: [&str; 9] = [
    appsync::OPERATION,
    "token",
    "register",
    "jwks",
    "api",
    "GetCallerIdentity",
    "GetClientToken",
    "GetDerivedToken",
    MANAGED_ROTATION,
];

/// Returns whether requests with this name exist. A fault with a misspelt name would never apply, without an error.
fn is_answered(operation: &str) -> bool {
    BESIDE_THE_TABLE.contains(&operation)
        || ops::find(operation).is_some()
        || secrets_manager::find(operation).is_some()
}

impl FromStr for Faults {
    type Err = FaultError;

    /// Reads a list as described in the module's documentation. An empty text means no faults.
    fn from_str(text: &str) -> Result<Self, FaultError> {
        let rules = text
            .split(',')
            .map(str::trim)
            .filter(|fault| !fault.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (operation, rest) = match text.split_once(':') {
            Some((operation, rest)) => (Some(operation.trim()), rest.trim()),
            None => (None, text),
        };
        let (rest, left) = number(rest, '*')?;
        // Both orders work: `cut*2/3` leaves `/3` in the count, `cut/3*2` leaves it in the fault.
        let (rest, every) = number(&rest, '/')?;
        let action = action(&rest)?;
        if let Some(operation) = operation {
            if !is_answered(operation) {
                return Err(FaultError::Operation(operation.to_owned()));
            }
            if !action.meets(operation) {
                return Err(FaultError::Unmet {
                    fault: rest,
                    operation: operation.to_owned(),
                });
            }
        }
        Ok(Self {
            operation: operation.map(str::to_owned),
            action,
            left,
            every: every.unwrap_or(1),
            seen: 0,
        })
    }
}

/// Removes the number behind a mark from the text, wherever it is.
fn number(text: &str, mark: char) -> Result<(String, Option<u32>), FaultError> {
    let Some((before, behind)) = text.split_once(mark) else {
        return Ok((text.to_owned(), None));
    };
    let end = behind.find(['*', '/']).unwrap_or(behind.len());
    let (digits, after) = behind.split_at(end);
    match digits.trim().parse() {
        Ok(0) | Err(_) => Err(FaultError::Number(digits.trim().to_owned())),
        Ok(count) => Ok((format!("{}{after}", before.trim()), Some(count))),
    }
}

fn action(text: &str) -> Result<Action, FaultError> {
    Ok(match text {
        "throttle" => Action::Throttle,
        "500" => Action::ServerError(500),
        "503" => Action::ServerError(503),
        "cut" => Action::Cut,
        "truncate" => Action::Truncate,
        "html" => Action::Html,
        "hollow" => Action::Hollow,
        "expired" => Action::Expired,
        "unrecognized" => Action::UnrecognizedClient,
        "access-denied" => Action::AccessDenied,
        "kms-denied" => Action::KmsDenied,
        other => match other.split_once('=') {
            Some(("latency", duration)) => Action::Latency(self::duration(duration)?),
            _ => return Err(FaultError::Unknown(other.to_owned())),
        },
    })
}

fn duration(text: &str) -> Result<Duration, FaultError> {
    let (digits, unit) = match text.strip_suffix("ms") {
        Some(digits) => (digits, Duration::from_millis as fn(u64) -> Duration),
        None => (
            text.strip_suffix('s').unwrap_or_default(),
            Duration::from_secs as fn(u64) -> Duration,
        ),
    };
    digits
        .parse()
        .map(unit)
        .map_err(|_| FaultError::Duration(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Result<Fault, FaultError> {
        text.parse()
    }

    #[test]
    fn a_fault_has_an_operation_an_action_a_count_and_a_step() {
        let fault = one("DescribeUserPoolClient: latency=250ms *3 /2").unwrap();
        assert_eq!(fault.operation.as_deref(), Some("DescribeUserPoolClient"));
        assert_eq!(fault.action, Action::Latency(Duration::from_millis(250)));
        assert_eq!((fault.left, fault.every), (Some(3), 2));
        assert_eq!(one("cut*3/2"), one("cut/2*3"));
        assert_eq!(
            one("latency=2s").unwrap().action,
            Action::Latency(Duration::from_secs(2))
        );
        assert_eq!("".parse(), Ok(Faults::default()));
    }

    #[test]
    fn a_mistake_is_named() {
        for (text, message) in [
            ("trottle", "`trottle` is not a fault"),
            ("latency", "`latency` is not a fault"),
            ("latency=5", "`5` is not a duration"),
            ("latency=fasts", "`fasts` is not a duration"),
            ("cut*0", "`0` is not a number"),
            ("cut*", "`` is not a number"),
            ("cut/x", "`x` is not a number"),
            ("ListPools:cut", "`ListPools` is not an operation"),
            ("token:expired", "`expired` never meets `token`"),
            (
                "DescribeSecret:kms-denied",
                "`kms-denied` never meets `DescribeSecret`",
            ),
        ] {
            let error = one(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }
}
