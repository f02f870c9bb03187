// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/dispatch.hpp"
#include "hub/rest_api/call.hpp"
#include "hub/watch.hpp"
#include "store/follow_ups.hpp"

namespace ostler::hub {

/// Tells those who wait in this process what a committed write changed. Thread-safe.
class Changes final : public rest_api::ChangeListener {
 public:
  Changes(Dispatch& dispatch, JobWatch& jobs, AgentWatch& agents)
      : dispatch_(dispatch), jobs_(jobs), agents_(agents) {}

  void changed(const store::FollowUps& follow_ups) override {
    dispatch_.changed(follow_ups);
    jobs_.changed(follow_ups.canceling);
    jobs_.changed(follow_ups.finished);
    agents_.changed(follow_ups.agents);
  }

 private:
  Dispatch& dispatch_;
  JobWatch& jobs_;
  AgentWatch& agents_;
};

}  // namespace ostler::hub
