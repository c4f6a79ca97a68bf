using System.Runtime.CompilerServices;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>The switch that runs the pipelines of all tests on two nodes: <c>PENSTOCK_NODES=2</c>.</summary>
internal static class TwoNodes
{
    [ModuleInitializer]
    internal static void ReadSwitch()
    {
        if (Environment.GetEnvironmentVariable("PENSTOCK_NODES") == "2")
        {
            AppContext.SetSwitch("Penstock.Testing.TwoNodes", true);
        }
    }
}
