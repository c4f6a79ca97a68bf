namespace Penstock.Generator.Tests.Helpers;

/// <summary>Parts that many programs of tests have in common.</summary>
internal static class ProgramText
{
    /// <summary>
    /// Connectors of any rows: a source without splits, a sink of append streams, and a sink that accepts every changelog.
    /// </summary>
    public const string Connectors = """
        public class Nothing<T> : Penstock.Connectors.ISource<T>
        {
            public IReadOnlyList<Penstock.Connectors.SourceSplit> Discover() => [];
            public Penstock.Connectors.ISplitReader<T> Open(Penstock.Connectors.SourceSplit split, ReadOnlySpan<byte> position, Penstock.Connectors.IBadRowHandler badRows) => throw new NotSupportedException();
        }

        public class Nowhere<T> : Penstock.Connectors.ISink<T>
        {
            public Penstock.Connectors.ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();
            public Penstock.Connectors.ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        public sealed class Versions<T> : Nowhere<T>, Penstock.Connectors.IChangelogSink
        {
            public void SetChangelog(Changelog changelog) => throw new NotSupportedException();
        }

        """;

    /// <summary>A window operator that sums the orders of a shop and a customer, and fires again for late ones; and its rows.</summary>
    /// <param name="fired">The row that it creates.</param>
    /// <param name="parameters">The parameters of its constructor.</param>
    /// <param name="added">The amount that it adds for an order.</param>
    /// <param name="members">Further members of the operator.</param>
    /// <param name="rowMembers">Further members of its rows.</param>
    public static string Sums(
        string fired = "new(window.Key.Shop, window.Key.Customer, window.End, Sum)",
        string parameters = "",
        string added = "order.Amount",
        string members = "",
        string rowMembers = "") => $$"""
        public readonly record struct Total(string Shop, string Customer, DateTimeOffset End, decimal Sum){{(rowMembers.Length == 0 ? "" : $" {{ {rowMembers} }}")}};

        [Operator, KeyBy(nameof(Order.Shop), nameof(Order.Customer)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums{{parameters}}
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += {{added}};
            [Fire] private Total Close(in Window<(string Shop, string Customer)> window) => {{fired}};
            {{members}}
        }

        """;

    /// <summary>A pipeline.</summary>
    /// <param name="streams">Its streams.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="attribute">Its attribute.</param>
    public static string Pipeline(string streams, string name = "Job", string attribute = "[Pipeline]") => $$"""
        {{attribute}}
        public sealed partial class {{name}}
        {
            {{streams}}
        }
        """;

    /// <summary>A pipeline that reads the orders of <see cref="DiagnosticPage.Shared"/>, with their event time.</summary>
    /// <param name="streams">The streams after <c>Orders</c>.</param>
    /// <param name="attribute">The attribute of the pipeline.</param>
    public static string Shop(string streams, string attribute = "[Pipeline]") => Pipeline(
        "[FileSource(\"orders.csv\")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }\n    " + streams,
        "Shop",
        attribute);
}
