// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tfx.hpp>

/// One model for two translation units: equal graphs share one program, and the linker must agree.
constexpr auto model(auto x) { return tfx::multiply(x, x) + x; }

/// Runs the model in the other translation unit.
float run_elsewhere(float value);
