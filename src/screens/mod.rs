//! One file a screen: state, keys, drawing. Screens never know each other: they meet through [`Route`].

mod client;
mod copy;
mod delete;
mod doctor;
mod domain;
mod export;
mod help;
mod plan;
mod pool;
mod resource_server;
mod rotate;
mod scopes;
mod setup;
mod shared;
mod token;

use crate::app::message::Route;
use crate::app::screen::{Screen, View};

/// Makes the screen of a route.
pub fn open(route: &Route, view: &View) -> Box<dyn Screen> {
    match route {
        Route::Pools => Box::new(pool::list::Pools::new()),
        Route::Pool(pool) => Box::new(pool::Pool::new(pool.clone())),
        Route::Client(pool, client) => {
            Box::new(client::details::Client::new(pool.clone(), client.clone()))
        }
        Route::NewClient(pool) => Box::new(client::create::NewClientForm::new(pool.clone())),
        Route::NewServer(pool) => Box::new(shared::edit_form::Edit::new(
            shared::edit_form::NewServerEditor::new(pool.clone()),
        )),
        Route::NewDomain(pool) => Box::new(shared::edit_form::Edit::new(
            shared::edit_form::NewDomainEditor::new(pool.clone()),
        )),
        Route::EditClient(pool, client) => Box::new(shared::edit_form::Edit::new(
            shared::edit_form::ClientEditor::new(pool.clone(), client.clone()),
        )),
        Route::EditServer(pool, identifier) => Box::new(shared::edit_form::Edit::new(
            shared::edit_form::ServerEditor::new(pool.clone(), identifier.clone()),
        )),
        Route::EditDomain(pool, name) => Box::new(shared::edit_form::Edit::new(
            shared::edit_form::DomainEditor::new(pool.clone(), name.clone()),
        )),
        Route::Remove(subject) => Box::new(delete::Remove::new(subject.clone())),
        Route::Rotate(pool, client) => Box::new(rotate::Rotate::new(pool.clone(), client.clone())),
        Route::Token(pool, client) => Box::new(token::Token::new(pool.clone(), client.clone())),
        Route::Held(id) => Box::new(token::details::Held::new(*id, view)),
        Route::History => Box::new(token::history::History::default()),
        Route::Paste => Box::new(token::paste::Paste::new()),
        Route::Call(token) => Box::new(token::api_call::Call::new(*token, view)),
        Route::Doctor(pool, client) => Box::new(doctor::Doctor::new(pool.clone(), client.clone())),
        Route::Ways(choice) => Box::new(doctor::fix_menu::Ways::new(choice)),
        Route::ScopeMap(pool) => Box::new(scopes::matrix::Map::new(pool.clone())),
        Route::WhoUses(pool, access) => {
            Box::new(scopes::access::WhoUses::new(pool.clone(), access.clone()))
        }
        Route::Copy(menu) => Box::new(copy::menu::Copy::new(menu)),
        Route::HandOver(request, place) => {
            Box::new(copy::deliver::HandOver::new(request.clone(), *place))
        }
        Route::Confirm(change) => {
            let source = plan::source::Source::Change(change.clone());
            Box::new(plan::Confirm::new(source, view.session))
        }
        Route::SetUp(begun) => Box::new(setup::preset_list::Presets::new(begun.clone())),
        Route::Answers(preset, begun) => Box::new(setup::questions::Questions::new(
            preset,
            begun.clone(),
            view,
        )),
        Route::Aim(aim) => {
            let source = plan::source::Source::aim(aim);
            Box::new(plan::Confirm::new(source, view.session))
        }
        Route::Ready(ready) => Box::new(setup::result::ReadyClient::new(ready.clone())),
        Route::Terminal(request) => {
            Box::new(copy::osc52_prompt::TerminalCopy::new(request.clone()))
        }
        Route::Export(pool, client) => Box::new(export::Export::new(pool.clone(), client.clone())),
        Route::Help(offers) => Box::new(help::Help::new(offers.clone())),
    }
}
