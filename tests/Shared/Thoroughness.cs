namespace Penstock.Tests;

/// <summary>
/// How often tests repeat what chance decides, such as seeds of simulations and kills of processes: a few times, or, with
/// <c>PENSTOCK_THOROUGH=1</c>, as often as on the build server.
/// </summary>
internal static class Thoroughness
{
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("PENSTOCK_THOROUGH") == "1";

    /// <summary>How often something is repeated.</summary>
    /// <param name="thorough">On the build server.</param>
    /// <param name="brief">Elsewhere.</param>
    public static int Times(int thorough, int brief) => IsThorough ? thorough : brief;
}
