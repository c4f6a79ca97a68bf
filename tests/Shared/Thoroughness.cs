namespace Penstock.Tests;

/// <summary>
/// The number of repetitions of random tests, such as seeds of simulations and kills of processes: a few, or, with
/// <c>PENSTOCK_THOROUGH=1</c>, as many as on the build server.
/// </summary>
internal static class Thoroughness
{
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("PENSTOCK_THOROUGH") == "1";

    /// <summary>Returns a number of repetitions.</summary>
    /// <param name="thorough">The number on the build server.</param>
    /// <param name="brief">The number elsewhere.</param>
    public static int Times(int thorough, int brief) => IsThorough ? thorough : brief;
}
