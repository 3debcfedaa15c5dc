//! What a person has who brings a stack to an account: the account, and the manifest beside the stack.
#![allow(dead_code, clippy::unwrap_used, reason = "shared by several tests; a test tells by failing")]

use std::sync::Mutex;

use trailql::provision::{Failure, Manifest, Outcome, Place, Plan, PlanOptions};
use trailql::stack::CheckedStack;

use crate::account::Account;

pub(crate) struct Desk<'a> {
    pub(crate) account: &'a Account,
    pub(crate) place: Place,
    pub(crate) manifest: Manifest,
    pub(crate) options: PlanOptions,
}

impl<'a> Desk<'a> {
    /// With an empty manifest, in the Region where the account is.
    pub(crate) fn at(account: &'a Account, stack: &str, region: &str, options: PlanOptions) -> Self {
        let place = Place::find(account, region, true, &|_| ()).unwrap();
        Desk { account, manifest: Manifest::new(stack, &place), place, options }
    }

    pub(crate) fn plan(&self, stack: &CheckedStack) -> Result<Plan, Failure> {
        Plan::apply(stack, &self.place, &self.manifest, self.account, &|_| (), &self.options)
    }

    pub(crate) fn plan_destruction(&self, stack: &CheckedStack) -> Plan {
        Plan::destroy(stack, &self.place, &self.manifest, self.account, &|_| (), &self.options).unwrap()
    }

    pub(crate) fn run(&mut self, plan: &Plan) -> Outcome {
        self.manifest.remember(plan);
        let manifest = Mutex::new(self.manifest.clone());
        let outcome = plan.run(self.account, &|_| (), &|event| manifest.lock().unwrap().follow(&event));
        self.manifest = manifest.into_inner().unwrap();
        outcome
    }

    pub(crate) fn apply(&mut self, stack: &CheckedStack) -> Outcome {
        let plan = self.plan(stack).unwrap();
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        self.run(&plan)
    }

    pub(crate) fn destroy(&mut self, stack: &CheckedStack) -> Outcome {
        let plan = self.plan_destruction(stack);
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        self.run(&plan)
    }
}
