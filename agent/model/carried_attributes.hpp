// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::model {

/// What a step hands on to its jobs as it is. All but the image are JSON texts, in the form that a
/// job's step has towards agents; empty: none.
struct CarriedAttributes {
  std::string image;
  std::string plugins;    ///< list of {"source": configuration or null}
  std::string signature;  ///< object
  std::string secrets;    ///< list of {"key": name, "environment_variable": name}
  std::string checkout;   ///< object
  std::string notify;     ///< list of the step's notifications

  friend bool operator==(const CarriedAttributes&, const CarriedAttributes&) = default;
};

}  // namespace ostler::model
