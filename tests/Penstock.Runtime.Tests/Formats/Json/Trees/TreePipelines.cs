using System.Text.Json;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

public enum Grade
{
    Plain,
    Fine,
}

public readonly record struct Point(double X, double Y);

/// <summary>An object of every kind of member that a flat row can have.</summary>
public sealed record Values(
    bool Flag,
    char Letter,
    sbyte I8,
    byte U8,
    short I16,
    ushort U16,
    int I32,
    uint U32,
    long I64,
    ulong U64,
    float F32,
    double F64,
    decimal Money,
    string Text,
    DateTime Moment,
    DateTimeOffset Zoned,
    DateOnly Day,
    TimeOnly Clock,
    TimeSpan Span,
    Guid Id,
    Grade Grade,
    byte[] Bytes);

/// <summary>The same, with each member nullable.</summary>
public sealed record MaybeValues(
    bool? Flag,
    char? Letter,
    int? I32,
    long? I64,
    double? F64,
    decimal? Money,
    string? Text,
    DateTime? Moment,
    DateTimeOffset? Zoned,
    DateOnly? Day,
    Guid? Id,
    Grade? Grade,
    byte[]? Bytes,
    Point? Point,
    JsonElement? Any);

public sealed record Node(string Name, Node? Next, IReadOnlyList<Node> Children);

/// <summary>A class whose members are set one by one.</summary>
public sealed class Box
{
    public string Label { get; set; } = "";

    public Point Corner { get; set; }

    public IList<int?> Sizes { get; set; } = [];
}

/// <summary>A tree with all kinds of members.</summary>
public sealed record Tree(
    int Id,
    Values Values,
    MaybeValues? Maybe,
    Point[] Points,
    List<string?> Names,
    IReadOnlyList<IReadOnlyList<int>> Matrix,
    Dictionary<string, Point> Places,
    IReadOnlyDictionary<string, List<Box?>?> Boxes,
    Node? Node,
    JsonElement Any,
    Point? Where,
    string[]? Tags = null)
{
    public Box? Extra { get; set; }
}

[Pipeline]
public sealed partial class TreePipeline
{
    [FileSource("trees.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/trees.jsonl")]
    public partial Stream<Tree> Json { get; }

    [SideOutput(nameof(Json), SideOutputs.BadRows)]
    [FileSink("out/BadJson.jsonl")]
    public partial Stream<BadRow> BadJson { get; }

    [FileSource("trees.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/trees.csv")]
    public partial Stream<Tree> Csv { get; }

    [SideOutput(nameof(Csv), SideOutputs.BadRows)]
    [FileSink("out/BadCsv.jsonl")]
    public partial Stream<BadRow> BadCsv { get; }
}

public sealed record Address(string City, int Zip, string? Street = null);

public sealed record Customer(string Name, Address[] Address, Dictionary<string, Address?> Others)
{
    [Column("the home")]
    public Address? Home { get; init; }
}

public sealed record Purchase(int Id, Customer Customer, string Note = "none");

/// <summary>A row that needs only a part of a purchase.</summary>
public sealed record Zip(int Id, int? Home);

[Operator]
public sealed partial class ReadZip
{
    [Map]
    private static Zip Map(in Purchase purchase) => new(purchase.Id, purchase.Customer.Home?.Zip);
}

[Pipeline]
public sealed partial class PurchasePipeline
{
    [FileSource("purchases.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    public partial Stream<Purchase> Purchases { get; }

    [FileSink("out/all.jsonl")]
    [Union(nameof(Purchases), nameof(Other))]
    public partial Stream<Purchase> All { get; }

    [FileSource("others.csv", OnBadRow = BadRowPolicy.SideOutput)]
    public partial Stream<Purchase> Other { get; }

    [SideOutput(nameof(Purchases), SideOutputs.BadRows)]
    [FileSink("out/Bad.jsonl")]
    public partial Stream<BadRow> Bad { get; }

    [SideOutput(nameof(Other), SideOutputs.BadRows)]
    [FileSink("out/BadOther.jsonl")]
    public partial Stream<BadRow> BadOther { get; }
}

[Pipeline]
public sealed partial class ZipPipeline
{
    [FileSource("purchases.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    public partial Stream<Purchase> Purchases { get; }

    [Apply<ReadZip>(nameof(Purchases))]
    [FileSink("out/zips.jsonl")]
    public partial Stream<Zip> Zips { get; }

    [SideOutput(nameof(Purchases), SideOutputs.BadRows)]
    [FileSink("out/bad.jsonl")]
    public partial Stream<BadRow> Bad { get; }
}

public sealed record NodeRow(Node? Node);

[Pipeline]
public sealed partial class NodePipeline
{
    [FileSource("nodes.jsonl")]
    [FileSink("out/nodes.jsonl")]
    public partial Stream<NodeRow> Nodes { get; }
}
