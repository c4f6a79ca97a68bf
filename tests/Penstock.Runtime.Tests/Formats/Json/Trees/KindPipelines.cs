using System.Text.Json.Serialization;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Square), "a \"square\"")]
[JsonDerivedType(typeof(Group), 7)]
public abstract record Shape(string Name);

public sealed record Circle(string Name, double Radius) : Shape(Name);

public sealed record Square(string Name, int Side, Point? Corner = null) : Shape(Name);

public sealed record Group(string Name, List<Shape> Shapes, Dictionary<string, Shape?> ByName) : Shape(Name);

/// <summary>A shape with a form that its attributes do not name.</summary>
public sealed record Triangle(string Name) : Shape(Name);

[JsonPolymorphic(
    IgnoreUnrecognizedTypeDiscriminators = true,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
[JsonDerivedType(typeof(Loud), "loud")]
public record Note(string Text);

public sealed record Loud(string Text, int Volume) : Note(Text);

public sealed record Quiet(string Text, int Whisper) : Note(Text);

[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
[JsonDerivedType(typeof(Animal), "animal")]
[JsonDerivedType(typeof(Dog), "dog")]
public record Animal(int Legs);

public record Dog(int Legs, string Name) : Animal(Legs);

public sealed record Poodle(int Legs, string Name, bool IsCut) : Dog(Legs, Name);

public sealed record Drawing(int Id, Shape Shape, Note? Note = null, Animal? Animal = null);

[Pipeline]
public sealed partial class DrawingPipeline
{
    [FileSource("drawings.jsonl")]
    [FileSink("out/drawings.jsonl")]
    public partial Stream<Drawing> Drawings { get; }

    [FileSource("drawings.csv")]
    [FileSink("out/drawings.csv")]
    public partial Stream<Drawing> Csv { get; }
}

public record Topic(string Name);

public sealed record Subtopic(string Name, int Depth) : Topic(Name);

public record Remark(int Id, Topic Topic);

public sealed record Aside(int Id, Topic Topic, int More) : Remark(Id, Topic);

[Pipeline]
public sealed partial class RemarkPipeline
{
    [FileSource("remarks.jsonl")]
    [FileSink("out/remarks.jsonl")]
    [FileSink("out/remarks.csv")]
    public partial Stream<Remark> Remarks { get; }
}
