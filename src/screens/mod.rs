//! One file per screen: state, keys, drawing. Screens open each other only through a [`Route`].

mod client;
mod copy;
mod delete;
mod doctor;
mod domain;
mod export;
mod help;
mod mfa_code;
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
use shared::edit_form::FormScreen;

/// Creates the screen of a route.
pub fn open(route: &Route, view: &View) -> Box<dyn Screen> {
    match route {
        Route::Pools => Box::new(pool::list::Pools::new()),
        Route::Pool(pool) => Box::new(pool::Pool::new(pool.clone())),
        Route::Client(pool, client) => Box::new(client::details::ClientDetails::new(
            pool.clone(),
            client.clone(),
        )),
        Route::NewClient(pool) => Box::new(client::create::NewClientForm::new(pool.clone())),
        Route::NewServer(pool) => Box::new(FormScreen::new(
            resource_server::edit::NewServerEditor::new(pool.clone()),
        )),
        Route::NewDomain(pool) => Box::new(FormScreen::new(domain::edit::NewDomainEditor::new(
            pool.clone(),
        ))),
        Route::EditClient(pool, client) => Box::new(FormScreen::new(
            client::edit::ClientEditor::new(pool.clone(), client.clone()),
        )),
        Route::FixClient(pool, client, fixes, setting) => {
            Box::new(FormScreen::new(client::edit::ClientEditor::fixing(
                pool.clone(),
                client.clone(),
                fixes.clone(),
                *setting,
            )))
        }
        Route::EditServer(pool, identifier) => Box::new(FormScreen::new(
            resource_server::edit::ServerEditor::new(pool.clone(), identifier.clone()),
        )),
        Route::EditDomain(pool, name) => Box::new(FormScreen::new(
            domain::edit::DomainEditor::new(pool.clone(), name.clone()),
        )),
        Route::Delete(subject) => Box::new(delete::DeleteScreen::new(subject.clone())),
        Route::Rotate(pool, client) => Box::new(rotate::Rotate::new(pool.clone(), client.clone())),
        Route::Token(pool, client) => {
            Box::new(token::TokenScreen::new(pool.clone(), client.clone()))
        }
        Route::TokenDetails(id) => Box::new(token::details::TokenDetails::new(*id, view)),
        Route::TokenHistory => Box::new(token::history::TokenHistory::default()),
        Route::PasteToken => Box::new(token::paste::PasteScreen::new()),
        Route::ApiCall(token) => Box::new(token::api_call::ApiCallScreen::new(*token, view)),
        Route::Doctor(pool, client) => Box::new(doctor::Doctor::new(pool.clone(), client.clone())),
        Route::FixMenu(choice) => Box::new(doctor::fix_menu::FixMenu::new(choice)),
        Route::ScopeMap(pool) => Box::new(scopes::matrix::MatrixScreen::new(pool.clone())),
        Route::Access(pool, access) => Box::new(scopes::access::AccessScreen::new(
            pool.clone(),
            access.clone(),
        )),
        Route::Copy(menu) => Box::new(copy::menu::CopyMenuScreen::new(menu)),
        Route::Deliver(request, place) => {
            Box::new(copy::deliver::DeliverScreen::new(request.clone(), *place))
        }
        Route::Plan(change) => {
            let source = plan::source::PlanSource::Fixed(change.clone());
            Box::new(plan::PlanScreen::new(source, view.session))
        }
        Route::Presets(origin) => Box::new(setup::preset_list::PresetList::new(origin.clone())),
        Route::PresetForm(preset, origin) => Box::new(setup::questions::PresetForm::new(
            preset,
            origin.clone(),
            view,
        )),
        Route::SetupPlan(aim) => {
            let source = plan::source::PlanSource::for_setup(aim);
            Box::new(plan::PlanScreen::new(source, view.session))
        }
        Route::SetupResult(ready) => Box::new(setup::result::SetupResult::new(ready.clone())),
        Route::Osc52Prompt(request) => {
            Box::new(copy::osc52_prompt::Osc52Prompt::new(request.clone()))
        }
        Route::MfaCode(request) => Box::new(mfa_code::MfaCode::new(request.clone())),
        Route::Export(pool, client) => Box::new(export::Export::new(pool.clone(), client.clone())),
        Route::Help(offers) => Box::new(help::Help::new(offers.clone())),
    }
}
