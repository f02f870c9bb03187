// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "files/file_lock.hpp"
#include "process/job_groups.hpp"
#include "supervise/service_control.hpp"
#include "supervise/service_directory.hpp"
#include "supervise/service_start.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::keeper {

/// A service under a real keeper.
class ServiceKeeper : public testing::Test {
 protected:
  ServiceKeeper() {
    std::filesystem::create_directories(root());
    std::filesystem::create_directories(directory_ / "files");
    spec_.id = "web.00000001";
    spec_.name = "web";
    spec_.scope = "acme/shop";
    spec_.environment = {"PATH=/usr/bin:/bin", "GIVEN=yes"};
    spec_.directory = directory_ / "files";
    spec_.socket = directory_ / "k";
  }
  ~ServiceKeeper() override {
    (void)supervise::stop_service(spec_.socket, kLimit);
    support::wait_until(kLimit, [this] { return !is_kept(); });
  }

  static std::filesystem::path keeper_program() {
    return std::filesystem::path(std::getenv("OSTLER_BUILD_DIR")) / "tests/keeper_driver";
  }
  std::filesystem::path root() const { return directory_ / "services"; }
  Result<void> start(const std::string& script) {
    spec_.arguments = {"sh", "-c", script};
    const auto groups = process::find_job_groups();
    return supervise::start_service({keeper_program(), root(), groups.value_or("")}, spec_);
  }
  supervise::Service service() const { return supervise::find_service(root(), spec_.id).value(); }
  std::string log() const { return supervise::read_service_log(root(), spec_.id, 1 << 20); }
  bool is_kept() const { return files::FileLock::is_held(root() / spec_.id / "lock").value(); }
  bool comes_to(supervise::ServicePhase phase) const {
    return support::wait_until(kLimit, [&] { return service().state.phase == phase; });
  }
  bool prints(const std::string& text) const {
    return support::wait_until(kLimit, [&] { return log().find(text) != std::string::npos; });
  }
  /// No write of the state succeeds from now on, as on a full disk.
  std::filesystem::path bar_state() const {
    const auto beside = root() / spec_.id / "state.new";
    std::filesystem::create_directories(beside);
    return beside;
  }

  static constexpr std::chrono::seconds kLimit{20};

  support::TempDirectory directory_;
  supervise::ServiceSpec spec_;
};

}  // namespace ostler::keeper
