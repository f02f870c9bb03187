// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/dispatch.hpp"
#include "hub/job_watch.hpp"
#include "hub/rest_api/call.hpp"
#include "store/follow_ups.hpp"

namespace ostler::hub {

/// Tells those who wait in this process what a committed write changed. Thread-safe.
class Changes final : public rest_api::ChangeListener {
 public:
  Changes(Dispatch& dispatch, JobWatch& watch) : dispatch_(dispatch), watch_(watch) {}

  void changed(const store::FollowUps& follow_ups) override {
    dispatch_.changed(follow_ups);
    watch_.changed(follow_ups.canceling);
    watch_.changed(follow_ups.finished);
  }

 private:
  Dispatch& dispatch_;
  JobWatch& watch_;
};

}  // namespace ostler::hub
