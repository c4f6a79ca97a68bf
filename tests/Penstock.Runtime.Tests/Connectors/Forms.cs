using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>What the factories of these tests have in common.</summary>
internal static class Forms
{
    public static ProbeLog LogOf(ConnectorContext context) => context.Services.GetRequiredService<ProbeLog>();

    public static Form Of(string path) => path.EndsWith(".csv", StringComparison.Ordinal) ? Form.Csv : Form.JsonLines;
}
