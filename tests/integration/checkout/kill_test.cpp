// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "integration/checkout/checkout_fixture.hpp"

namespace ostler {
namespace {

class KillTest : public CheckoutTest {
 protected:
  static constexpr int kKilled = 128 + 9;

  Variables killed_at(int change, Variables variables = {}) const {
    variables["LD_PRELOAD"] = KILL_AT_CHANGE_LIBRARY;
    variables["KILL_AT"] = std::to_string(change);
    return variables;
  }

  // Kills a checkout at every `step`-th change it makes, each time from the state that `prepare`
  // leaves, and expects the next one to succeed at once.
  template <class Prepare>
  int kill_everywhere(int step, const Prepare& prepare) {
    for (int change = 1;; change += step) {
      const std::string wanted = prepare();
      const Outcome killed = check_out(killed_at(change));
      if (killed.code != kKilled) {
        EXPECT_EQ(killed.code, 0) << killed.log;
        return change;
      }
      const Outcome next = check_out();
      EXPECT_EQ(next.code, 0) << "killed at change " << change << "\n" << next.log;
      EXPECT_THAT(next.log, testing::Not(testing::HasSubstr("Checkout failed!")));
      expect_sound(wanted);
      if (HasFailure()) return change;
    }
  }
};

TEST_F(KillTest, AFirstCheckoutKilledAnywhereDoesNotFailTheNext) {
  const int changes = kill_everywhere(5, [this] {
    std::filesystem::remove_all(root_ / "builds");
    return git({"rev-parse", "HEAD"});
  });
  EXPECT_GT(changes, 40);
}

TEST_F(KillTest, ALaterCheckoutKilledAnywhereDoesNotFailTheNext) {
  ASSERT_EQ(check_out().code, 0);
  int turn = 0;
  const int changes = kill_everywhere(3, [this, &turn] {
    write(source_ / "a.txt", std::to_string(++turn));
    write(source_ / ("new" + std::to_string(turn)), "x");
    write(tree_ / "left over", "x");
    return commit("Turn");
  });
  EXPECT_GT(changes, 8);
}

}  // namespace
}  // namespace ostler
