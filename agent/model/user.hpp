// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace ostler::model {

struct User {
  UserId id;
  std::string name;
  std::string email;
  Timestamp created_at;
};

}  // namespace ostler::model
