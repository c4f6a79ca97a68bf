using Penstock.Generator.Emit.Values;
using Penstock.Generator.Equality;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit;

/// <summary>
/// The layout of the states of an operator: those in the entry of a key, or of a key and window, and those with separate tables.
/// </summary>
internal sealed class OperatorStates
{
    private const string Field = KnownNames.StateField;
    private const string KeyField = KnownNames.KeyStateField;
    private const string CollectionsField = KnownNames.CollectionsField;
    private static readonly TypeName Ticks = TypeName.Of("System.Int64");

    private const string Expiry = "global::Penstock.State.Expiry.";

    // Names that every contract uses.
    private readonly Names _names = new([
        .. OperatorKinds.Methods.Select(static form => form.Name), "Create", "Open", "Attach", "Merger", "State", "StateCodec", "KeyState",
        "KeyStateCodec", "Collections",
        "Equals", "GetHashCode", "GetType", "ToString", "Finalize", "MemberwiseClone", "ReferenceEquals",
    ]);

    private readonly List<(HeldState State, string Body)> _properties = [];

    public OperatorStates(OperatorPlan plan)
    {
        var kind = plan.Model.Kind;
        var isOfWindow = kind.HasWindowScope;
        var fields = FieldNames(plan);
        var inEntry = plan.States.Where(static state => !state.IsCollection).ToList();
        State = Struct(
            "State",
            isOfWindow ? $"The state of one key and {kind.Unit}." : "The state of one key.",
            [.. inEntry.Where(static state => !state.IsWide)],
            fields);
        KeyState = Struct(
            "KeyState",
            "The state of one key over all windows.",
            [.. inEntry.Where(static state => state.IsWide)],
            fields);
        Collections = [.. plan.States.Where(static state => state.IsCollection)
            .Select(state => new CollectionSlot(
                state,
                fields[state.Name],
                _names.Take(state.Name + "Codec"),
                _names.Take(state.Name + "Key"),
                isOfWindow && !state.IsWide))];
        foreach (var state in plan.States)
        {
            var holder = state.IsCollection ? CollectionsField : state.IsWide ? KeyField : Field;
            var value = $"{holder}.{fields[state.Name]}";
            _properties.Add((state, state.Kind switch
            {
                StateKind.Value => "ref " + (state.Expiry is { } expiry
                    ? $"{Expiry}Touch({Expiring(expiry, value, holder)})"
                    : value),
                StateKind.Reducing => state.Expiry is { } expiry
                    ? $"new({Expiring(expiry, value, holder)}, onRead: {(expiry.OnRead ? "true" : "false")})"
                    : $"new(ref {value})",
                StateKind.Map or StateKind.List => value,
                _ => throw new InvalidOperationException($"Unknown kind of state: {state.Kind}."),
            }));
        }
    }

    /// <summary>The state in the entry of a key or, for windows, of a key and window.</summary>
    public StateLayout State { get; }

    /// <summary>The state in the entry of a key that all windows share.</summary>
    public StateLayout KeyState { get; }

    /// <summary>Maps and lists.</summary>
    public IReadOnlyList<CollectionSlot> Collections { get; }

    /// <summary>The arguments of the methods of the contract, each with the field that passes it to the methods of the operator.</summary>
    public IEnumerable<(string Type, string Parameter, string Field)> Passed(OperatorModel model)
    {
        if (model.HasState)
        {
            yield return ("State", "state", Field);
        }

        if (model.HasKeyState)
        {
            yield return ("KeyState", "keyState", KeyField);
        }
    }

    /// <summary>The expression for a part in the attribute of the contract. It does not repeat the schema that a codec has.</summary>
    public string SchemaOf(StateModel part)
    {
        var text = part.ToString();
        var layout = part.Id.Length == 0 ? State
            : part.Id[0] == '.' ? Collections.First(slot => part.Id == "." + slot.State.Name).CellLayout
            : KeyState;
        return SchemaEmitter.ConstantOf(StateEmitter.InOrder(layout)) is { } fields
            && text.EndsWith(fields + "}", StringComparison.Ordinal)
                ? $"{CSharp.Literal(text.Substring(0, text.Length - fields.Length - 1))} + {KnownNames.Contract}.{layout.Codec}.{SchemaEmitter.Constant} + \"}}\""
                : CSharp.Literal(text);
    }

    /// <summary>Emits the fields and the bodies of the properties.</summary>
    public void EmitMembers(CodeWriter code)
    {
        if (_properties.Count == 0)
        {
            return;
        }

        code.Line("// The state of the current key while a method runs.");
        EmitField(code, State, Field);
        EmitField(code, KeyState, KeyField);
        if (State.Expiries.Count + KeyState.Expiries.Count > 0)
        {
            code.Line($"private global::Penstock.State.StateClock {KnownNames.ClockField} = null!;");
        }

        if (Collections.Count > 0)
        {
            code.Line($"private {KnownNames.Contract}.Collections {CollectionsField};");
        }

        code.Line();
        foreach (var (state, body) in _properties)
        {
            code.Line(
                $"{PropertyCode.Modifiers(state.Accessibility)}partial {(state.Kind == StateKind.Value ? "ref " : "")}{state.Type} {Identifier.Escape(state.Name)} => {body};");
        }

        code.Line();
    }

    /// <summary>Emits the structs of the states and their codecs.</summary>
    public void EmitParts(CodeWriter code, OperatorModel model)
    {
        var structs = new List<StateLayout>();
        if (model.HasState)
        {
            structs.Add(State);
        }

        if (model.HasKeyState)
        {
            structs.Add(KeyState);
        }

        code.Separated(structs.Select(states => (Action)(() => StateEmitter.EmitStruct(code, states))));
        if (structs.Count > 0)
        {
            code.Line();
        }

        // Once for all codecs of the file.
        CSharp.WithoutNullability(code);
        code.Line();
        var parts = structs.Select(states => (Action)(() => StateEmitter.EmitCodec(code, states))).ToList();
        foreach (var member in Collections)
        {
            if (member.State.MapKey is { } key)
            {
                parts.Add(() => KeyEmitter.EmitOfMap(code, member.State.Name, member.Key, key));
            }

            var summary = $"Writes what is in {CSharp.Comment(member.State.Name)} into checkpoints.";
            parts.Add(() => StateEmitter.EmitCodec(code, member.CellLayout, summary, "internal"));
        }

        code.Separated(parts);
    }

    /// <summary>Emits the method that passes its maps and lists to an instance.</summary>
    public void EmitOpen(CodeWriter code, TypeName type)
    {
        code.Line();
        code.Line("/// <summary>Gives an instance its maps and lists.</summary>");
        code.Line($"public static void Open<TKey>({type} op, global::Penstock.State.KeyScope<TKey> scope)");
        using (code.Indent())
        {
            code.Line("where TKey : struct, global::Penstock.State.IKey<TKey>");
        }

        using (code.Braces())
        {
            foreach (var member in Collections)
            {
                code.Line($"op.{CollectionsField}.{member.Field} = scope.{member.Creation};");
            }
        }
    }

    /// <summary>Emits the struct with the maps and lists of an instance.</summary>
    public void EmitCollections(CodeWriter code)
    {
        code.Line();
        code.Line("/// <summary>The maps and lists of the current key.</summary>");
        using (code.Braces("internal struct Collections"))
        {
            foreach (var member in Collections)
            {
                code.Line($"internal {member.State.Type} {member.Field};");
            }
        }
    }

    /// <summary>Emits the method that passes an instance the times by which its state expires.</summary>
    public void EmitAttach(CodeWriter code, TypeName type)
    {
        code.Line();
        code.Line("/// <summary>Gives an instance the time by which its state expires.</summary>");
        code.Line($"public static void Attach({type} op, global::Penstock.State.StateClock clock) => op.{KnownNames.ClockField} = clock;");
    }

    private static string Expiring(ExpiryModel expiry, string value, string holder) =>
        $"ref {value}, ref {holder}.{expiry.Deadline}, {KnownNames.ClockField}.{(expiry.InProcessingTime ? "ProcessingNow" : "Now")}, ttl: {CSharp.Literal(expiry.Ttl)}";

    private static void EmitField(CodeWriter code, StateLayout states, string field)
    {
        if (states.Members.Count > 0)
        {
            code.Line($"private {KnownNames.Contract}.{states.Type} {field};");
        }
    }

    private static StateLayout Struct(
        string type,
        string summary,
        IReadOnlyList<HeldState> states,
        Dictionary<string, string> fields)
    {
        var expiring = states
            .Where(static state => state.Expiry != null)
            .Select(static state => (State: state, Expiry: state.Expiry!, Deadline: state.Expiry!.Deadline!))
            .ToList();
        return new StateLayout(
            type,
            type + "Codec",
            summary,
            [
                .. states.Select(state => new StateSlot(state.Name, state.Stored, fields[state.Name], state.Value)
                {
                    FormerNames = state.FormerNames,
                    Upgrades = state.Upgrades,
                }),
                .. expiring.Select(static found => new StateSlot(found.Deadline, Ticks, found.Deadline, new ValueModel(
                    ValueKind.Int64,
                    Ticks,
                    EquatableArray<ValueModel>.Empty))
                {
                    FormerNames = [.. found.State.FormerNames.Select(static former => former + "Expires")],
                }),
            ])
        {
            Expiries = [
                .. expiring.Select(static found => new StateExpiry(
                    found.Deadline,
                    found.Expiry.InProcessingTime,
                    found.Expiry.Ttl))
            ],
            CanExpire = expiring.Count > 0 && expiring.Count == states.Count,
        };
    }

    // A field cannot have the name of its struct.
    private static Dictionary<string, string> FieldNames(OperatorPlan plan)
    {
        string[] structs = ["State", "KeyState", "Collections"];
        var names = new Names(plan.States.Select(static state => state.Name).Concat(structs));
        return plan.States.ToDictionary(
            static state => state.Name,
            state => structs.Contains(state.Name) ? names.Take(state.Name) : Identifier.Escape(state.Name));
    }
}

/// <summary>A map or list of an operator.</summary>
/// <param name="Field">The field that contains it.</param>
/// <param name="Codec">The name of the codec for its values.</param>
/// <param name="Key">For a map, the name of the struct for its keys.</param>
/// <param name="IsPerWindow">Whether each window has its own instance.</param>
internal sealed record CollectionSlot(HeldState State, string Field, string Codec, string Key, bool IsPerWindow)
{
    /// <summary>The layout of a value in the table.</summary>
    public StateLayout CellLayout =>
        new(
            $"global::Penstock.State.StateCell<{State.Value.Type}>",
            Codec,
            "",
            [new StateSlot("Value", State.Value.Type, "Value", State.Value) { Upgrades = State.Upgrades }]);

    private static string Ttl(ExpiryModel expiry) =>
        $"ttlMicros: {CSharp.Literal(expiry.Ttl)}, onRead: {(expiry.OnRead ? "true" : "false")}, processingTime: {(expiry.InProcessingTime ? "true" : "false")}";

    /// <summary>The expression that creates it.</summary>
    public string Creation
    {
        get
        {
            var kind = (State.Expiry == null ? "" : "Expiring") + State.Kind;
            var types = State.Kind == StateKind.Map
                ? $"{Key}, {string.Join(", ", State.Elements)}, {Codec}"
                : $"{State.Elements[0]}, {Codec}";
            var options = State.Expiry is { } expiry ? Ttl(expiry) : $"perWindow: {(IsPerWindow ? "true" : "false")}";
            var former = string.Concat(State.FormerNames.Select(static name => $", {CSharp.Literal(name)}"));
            return $"{kind}<{types}>({CSharp.Literal(State.Name)}, {options}{former})";
        }
    }
}
