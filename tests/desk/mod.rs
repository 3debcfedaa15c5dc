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
    /// With an empty manifest.
    pub(crate) fn at(account: &'a Account, stack: &str, region: &str, options: PlanOptions) -> Self {
        account.move_to(region);
        let place = Place::find(account, region, account.is_in_organization(), &|_| ()).unwrap();
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
        if outcome.is_complete() {
            self.manifest.conclude(plan);
        }
        outcome
    }

    pub(crate) fn apply(&mut self, stack: &CheckedStack) -> Outcome {
        let plan = self.plan(stack).unwrap();
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        self.run(&plan)
    }

    /// Applies, and sees that nothing is left to do, with the manifest and without it.
    pub(crate) fn settle(&mut self, stack: &CheckedStack) {
        let outcome = self.apply(stack);
        assert!(outcome.is_complete(), "{outcome:?}");
        let manifest = Manifest::new(&self.manifest.stack, &self.place);
        let stranger = Desk {
            manifest,
            options: self.options.clone(),
            place: self.place.clone(),
            account: self.account,
        };
        for plan in [self.plan(stack).unwrap(), stranger.plan(stack).unwrap()] {
            let changes: Vec<_> = plan.changes.iter().filter(|change| change.is_change()).collect();
            assert!(changes.is_empty() && plan.problems.is_empty(), "{changes:#?} {:?}", plan.problems);
        }
    }

    pub(crate) fn destroy(&mut self, stack: &CheckedStack) -> Outcome {
        let plan = self.plan_destruction(stack);
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        self.run(&plan)
    }
}
