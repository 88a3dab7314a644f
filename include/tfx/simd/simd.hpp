// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/math.hpp>
#include <tfx/simd/pack.hpp>
